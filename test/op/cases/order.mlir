// By definition: the result is x.

func.func @depend(%x: tensor<2x3xf32>, %y: tensor<2xi32>, %z: tensor<f32>) -> tensor<2x3xf32> {
  %0 = "ms.depend"(%x, %y, %z) : (tensor<2x3xf32>, tensor<2xi32>, tensor<f32>) -> tensor<2x3xf32>
  func.return %0 : tensor<2x3xf32>
}
// eval: @depend([[1, 2, 3], [4, 5, 6]], [7, 8], 9) = [[1, 2, 3], [4, 5, 6]]
