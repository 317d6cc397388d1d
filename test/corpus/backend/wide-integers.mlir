// 64-bit and unsigned integers run in the scalar unit; their casts in the vector unit.
func.func @main(%x: tensor<5x3xi32>, %y: tensor<3xi32>) -> (tensor<5x3xi64>, tensor<5x3xi1>, tensor<5x3xi32>) {
  %0 = "ms.cast"(%x) : (tensor<5x3xi32>) -> tensor<5x3xi64>
  %1 = "ms.cast"(%y) : (tensor<3xi32>) -> tensor<3xi64>
  %2 = "ms.mul"(%0, %1) : (tensor<5x3xi64>, tensor<3xi64>) -> tensor<5x3xi64>
  %3 = "ms.less"(%2, %0) : (tensor<5x3xi64>, tensor<5x3xi64>) -> tensor<5x3xi1>
  %4 = "ms.select"(%3, %0, %2) : (tensor<5x3xi1>, tensor<5x3xi64>, tensor<5x3xi64>) -> tensor<5x3xi64>
  %5 = "ms.cast"(%4) : (tensor<5x3xi64>) -> tensor<5x3xi32>
  func.return %2, %3, %5 : tensor<5x3xi64>, tensor<5x3xi1>, tensor<5x3xi32>
}
