// An axis of one element among the reduced ones: the axes are columns together.
func.func @main(%x: tensor<6x1xf32>, %y: tensor<4x1x5xf32>) -> (tensor<1x1xf32>, tensor<4x1x1xf32>) {
  %0 = "ms.reduce_max"(%x) {axes = array<i64: 0, 1>, keep_dims = true} : (tensor<6x1xf32>) -> tensor<1x1xf32>
  %1 = "ms.reduce_sum"(%y) {axes = array<i64: 1, 2>, keep_dims = true} : (tensor<4x1x5xf32>) -> tensor<4x1x1xf32>
  func.return %0, %1 : tensor<1x1xf32>, tensor<4x1x1xf32>
}
