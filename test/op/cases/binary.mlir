// Recorded by record/: mindspore 2.7.0 (CPU), numpy 1.26.4.

func.func @add(%lhs: tensor<2x4xf32>, %rhs: tensor<4xf32>) -> tensor<2x4xf32> {
  %0 = "ms.add"(%lhs, %rhs) : (tensor<2x4xf32>, tensor<4xf32>) -> tensor<2x4xf32>
  func.return %0 : tensor<2x4xf32>
}
// eval: @add([[-3, -1.5, 0, 2], [0.5, 4, -2.25, 7]], [2, -1, 0.5, -3]) = [[-1, -2.5, 0.5, -1], [2.5, 3, -1.75, 4]]

func.func @sub(%lhs: tensor<2x4xf32>, %rhs: tensor<4xf32>) -> tensor<2x4xf32> {
  %0 = "ms.sub"(%lhs, %rhs) : (tensor<2x4xf32>, tensor<4xf32>) -> tensor<2x4xf32>
  func.return %0 : tensor<2x4xf32>
}
// eval: @sub([[-3, -1.5, 0, 2], [0.5, 4, -2.25, 7]], [2, -1, 0.5, -3]) = [[-5, -0.5, -0.5, 5], [-1.5, 5, -2.75, 10]]

func.func @mul(%lhs: tensor<2x4xf32>, %rhs: tensor<4xf32>) -> tensor<2x4xf32> {
  %0 = "ms.mul"(%lhs, %rhs) : (tensor<2x4xf32>, tensor<4xf32>) -> tensor<2x4xf32>
  func.return %0 : tensor<2x4xf32>
}
// eval: @mul([[-3, -1.5, 0, 2], [0.5, 4, -2.25, 7]], [2, -1, 0.5, -3]) = [[-6, 1.5, 0, -6], [1, -4, -1.125, -21]]

func.func @div(%lhs: tensor<2x4xf32>, %rhs: tensor<4xf32>) -> tensor<2x4xf32> {
  %0 = "ms.div"(%lhs, %rhs) : (tensor<2x4xf32>, tensor<4xf32>) -> tensor<2x4xf32>
  func.return %0 : tensor<2x4xf32>
}
// eval: @div([[-3, -1.5, 0, 2], [0.5, 4, -2.25, 7]], [2, -1, 0.5, -3]) = [[-1.5, 1.5, 0, -0.666666687], [0.25, -4, -4.5, -2.33333325]]

func.func @floor_div(%lhs: tensor<2x4xf32>, %rhs: tensor<4xf32>) -> tensor<2x4xf32> {
  %0 = "ms.floor_div"(%lhs, %rhs) : (tensor<2x4xf32>, tensor<4xf32>) -> tensor<2x4xf32>
  func.return %0 : tensor<2x4xf32>
}
// eval: @floor_div([[-3, -1.5, 0, 2], [0.5, 4, -2.25, 7]], [2, -1, 0.5, -3]) = [[-2, 1, 0, -1], [0, -4, -5, -3]]

func.func @mod(%lhs: tensor<2x4xf32>, %rhs: tensor<4xf32>) -> tensor<2x4xf32> {
  %0 = "ms.mod"(%lhs, %rhs) : (tensor<2x4xf32>, tensor<4xf32>) -> tensor<2x4xf32>
  func.return %0 : tensor<2x4xf32>
}
// eval: @mod([[-3, -1.5, 0, 2], [0.5, 4, -2.25, 7]], [2, -1, 0.5, -3]) = [[1, -0.5, 0, -1], [0.5, -0, 0.25, -2]]

func.func @remainder(%lhs: tensor<2x4xf32>, %rhs: tensor<4xf32>) -> tensor<2x4xf32> {
  %0 = "ms.remainder"(%lhs, %rhs) : (tensor<2x4xf32>, tensor<4xf32>) -> tensor<2x4xf32>
  func.return %0 : tensor<2x4xf32>
}
// eval: @remainder([[-3, -1.5, 0, 2], [0.5, 4, -2.25, 7]], [2, -1, 0.5, -3]) = [[-1, -0.5, 0, 2], [0.5, 0, -0.25, 1]]

func.func @maximum(%lhs: tensor<2x4xf32>, %rhs: tensor<4xf32>) -> tensor<2x4xf32> {
  %0 = "ms.maximum"(%lhs, %rhs) : (tensor<2x4xf32>, tensor<4xf32>) -> tensor<2x4xf32>
  func.return %0 : tensor<2x4xf32>
}
// eval: @maximum([[-3, -1.5, 0, 2], [0.5, 4, -2.25, 7]], [2, -1, 0.5, -3]) = [[2, -1, 0.5, 2], [2, 4, 0.5, 7]]

func.func @minimum(%lhs: tensor<2x4xf32>, %rhs: tensor<4xf32>) -> tensor<2x4xf32> {
  %0 = "ms.minimum"(%lhs, %rhs) : (tensor<2x4xf32>, tensor<4xf32>) -> tensor<2x4xf32>
  func.return %0 : tensor<2x4xf32>
}
// eval: @minimum([[-3, -1.5, 0, 2], [0.5, 4, -2.25, 7]], [2, -1, 0.5, -3]) = [[-3, -1.5, 0, -3], [0.5, -1, -2.25, -3]]

func.func @atan2(%lhs: tensor<2x4xf32>, %rhs: tensor<4xf32>) -> tensor<2x4xf32> {
  %0 = "ms.atan2"(%lhs, %rhs) : (tensor<2x4xf32>, tensor<4xf32>) -> tensor<2x4xf32>
  func.return %0 : tensor<2x4xf32>
}
// eval: @atan2([[-3, -1.5, 0, 2], [0.5, 4, -2.25, 7]], [2, -1, 0.5, -3]) = [[-0.982793748, -2.15879893, 0, 2.55359006], [0.244978666, 1.81577504, -1.35212743, 1.9756881]]

func.func @add_column(%lhs: tensor<2x4xf32>, %rhs: tensor<2x1xf32>) -> tensor<2x4xf32> {
  %0 = "ms.add"(%lhs, %rhs) : (tensor<2x4xf32>, tensor<2x1xf32>) -> tensor<2x4xf32>
  func.return %0 : tensor<2x4xf32>
}
// eval: @add_column([[-3, -1.5, 0, 2], [0.5, 4, -2.25, 7]], [[1.5], [-2]]) = [[-1.5, 0, 1.5, 3.5], [-1.5, 2, -4.25, 5]]

func.func @add_outer(%lhs: tensor<4xf32>, %rhs: tensor<2x1xf32>) -> tensor<2x4xf32> {
  %0 = "ms.add"(%lhs, %rhs) : (tensor<4xf32>, tensor<2x1xf32>) -> tensor<2x4xf32>
  func.return %0 : tensor<2x4xf32>
}
// eval: @add_outer([2, -1, 0.5, -3], [[1.5], [-2]]) = [[3.5, 0.5, 2, -1.5], [0, -3, -1.5, -5]]

func.func @add_scalar(%lhs: tensor<f32>, %rhs: tensor<4xf32>) -> tensor<4xf32> {
  %0 = "ms.add"(%lhs, %rhs) : (tensor<f32>, tensor<4xf32>) -> tensor<4xf32>
  func.return %0 : tensor<4xf32>
}
// eval: @add_scalar(3, [2, -1, 0.5, -3]) = [5, 2, 3.5, 0]

func.func @add_middle(%lhs: tensor<2x1x3xf32>, %rhs: tensor<1x2x1xf32>) -> tensor<2x2x3xf32> {
  %0 = "ms.add"(%lhs, %rhs) : (tensor<2x1x3xf32>, tensor<1x2x1xf32>) -> tensor<2x2x3xf32>
  func.return %0 : tensor<2x2x3xf32>
}
// eval: @add_middle([[[-1.25, 0.75, 0]], [[1.25, 0.5, -0.25]]], [[[-1.25], [0.75]]]) = [[[-2.5, -0.5, -1.25], [-0.5, 1.5, 0.75]], [[0, -0.75, -1.5], [2, 1.25, 0.5]]]

func.func @add_empty(%lhs: tensor<0x2xf32>, %rhs: tensor<2xf32>) -> tensor<0x2xf32> {
  %0 = "ms.add"(%lhs, %rhs) : (tensor<0x2xf32>, tensor<2xf32>) -> tensor<0x2xf32>
  func.return %0 : tensor<0x2xf32>
}
// eval: @add_empty([], [-1.25, 0.75]) = []

func.func @add_f16(%lhs: tensor<2xf16>, %rhs: tensor<2xf16>) -> tensor<2xf16> {
  %0 = "ms.add"(%lhs, %rhs) : (tensor<2xf16>, tensor<2xf16>) -> tensor<2xf16>
  func.return %0 : tensor<2xf16>
}
// eval: @add_f16([2048, 0.0999755859], [1, 0.199951172]) = [2048, 0.299804688]

func.func @maximum_nan(%lhs: tensor<2xf32>, %rhs: tensor<2xf32>) -> tensor<2xf32> {
  %0 = "ms.maximum"(%lhs, %rhs) : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  func.return %0 : tensor<2xf32>
}
// eval: @maximum_nan([nan, 1], [0, nan]) = [nan, nan]

func.func @pow(%lhs: tensor<5xf32>, %rhs: tensor<5xf32>) -> tensor<5xf32> {
  %0 = "ms.pow"(%lhs, %rhs) : (tensor<5xf32>, tensor<5xf32>) -> tensor<5xf32>
  func.return %0 : tensor<5xf32>
}
// eval: @pow([2, -2, 0, 9, 1], [3, 2, 0, 0.5, nan]) = [8, 4, 1, 3, 1]

func.func @add_i32(%lhs: tensor<6xi32>, %rhs: tensor<6xi32>) -> tensor<6xi32> {
  %0 = "ms.add"(%lhs, %rhs) : (tensor<6xi32>, tensor<6xi32>) -> tensor<6xi32>
  func.return %0 : tensor<6xi32>
}
// eval: @add_i32([7, -7, 7, -7, 2147483647, 5], [2, 2, -2, -2, 2, 0]) = [9, -5, 5, -9, -2147483647, 5]

func.func @sub_i32(%lhs: tensor<6xi32>, %rhs: tensor<6xi32>) -> tensor<6xi32> {
  %0 = "ms.sub"(%lhs, %rhs) : (tensor<6xi32>, tensor<6xi32>) -> tensor<6xi32>
  func.return %0 : tensor<6xi32>
}
// eval: @sub_i32([7, -7, 7, -7, 2147483647, 5], [2, 2, -2, -2, 2, 0]) = [5, -9, 9, -5, 2147483645, 5]

func.func @mul_i32(%lhs: tensor<6xi32>, %rhs: tensor<6xi32>) -> tensor<6xi32> {
  %0 = "ms.mul"(%lhs, %rhs) : (tensor<6xi32>, tensor<6xi32>) -> tensor<6xi32>
  func.return %0 : tensor<6xi32>
}
// eval: @mul_i32([7, -7, 7, -7, 2147483647, 5], [2, 2, -2, -2, 2, 0]) = [14, -14, -14, 14, -2, 0]

func.func @floor_div_i32(%lhs: tensor<6xi32>, %rhs: tensor<6xi32>) -> tensor<6xi32> {
  %0 = "ms.floor_div"(%lhs, %rhs) : (tensor<6xi32>, tensor<6xi32>) -> tensor<6xi32>
  func.return %0 : tensor<6xi32>
}
// eval: @floor_div_i32([7, -7, 7, -7, 2147483647, 5], [2, 2, -2, -2, 2, 0]) = [3, -4, -4, 3, 1073741823, 0]

func.func @mod_i32(%lhs: tensor<6xi32>, %rhs: tensor<6xi32>) -> tensor<6xi32> {
  %0 = "ms.mod"(%lhs, %rhs) : (tensor<6xi32>, tensor<6xi32>) -> tensor<6xi32>
  func.return %0 : tensor<6xi32>
}
// eval: @mod_i32([7, -7, 7, -7, 2147483647, 5], [2, 2, -2, -2, 2, 0]) = [1, 1, -1, -1, 1, 0]

func.func @remainder_i32(%lhs: tensor<6xi32>, %rhs: tensor<6xi32>) -> tensor<6xi32> {
  %0 = "ms.remainder"(%lhs, %rhs) : (tensor<6xi32>, tensor<6xi32>) -> tensor<6xi32>
  func.return %0 : tensor<6xi32>
}
// eval: @remainder_i32([7, -7, 7, -7, 2147483647, 5], [2, 2, -2, -2, 2, 0]) = [1, -1, 1, -1, 1, 0]

func.func @div_i32(%lhs: tensor<6xi32>, %rhs: tensor<6xi32>) -> tensor<6xi32> {
  %0 = "ms.div"(%lhs, %rhs) : (tensor<6xi32>, tensor<6xi32>) -> tensor<6xi32>
  func.return %0 : tensor<6xi32>
}
// eval: @div_i32([7, -7, 7, -7, 2147483647, 5], [2, 2, -2, -2, 2, 0]) = [3, -3, -3, 3, 1073741823, 0]

func.func @maximum_i32(%lhs: tensor<6xi32>, %rhs: tensor<6xi32>) -> tensor<6xi32> {
  %0 = "ms.maximum"(%lhs, %rhs) : (tensor<6xi32>, tensor<6xi32>) -> tensor<6xi32>
  func.return %0 : tensor<6xi32>
}
// eval: @maximum_i32([7, -7, 7, -7, 2147483647, 5], [2, 2, -2, -2, 2, 0]) = [7, 2, 7, -2, 2147483647, 5]

func.func @minimum_i32(%lhs: tensor<6xi32>, %rhs: tensor<6xi32>) -> tensor<6xi32> {
  %0 = "ms.minimum"(%lhs, %rhs) : (tensor<6xi32>, tensor<6xi32>) -> tensor<6xi32>
  func.return %0 : tensor<6xi32>
}
// eval: @minimum_i32([7, -7, 7, -7, 2147483647, 5], [2, 2, -2, -2, 2, 0]) = [2, -7, -2, -7, 2, 0]

func.func @bitwise_and_i32(%lhs: tensor<6xi32>, %rhs: tensor<6xi32>) -> tensor<6xi32> {
  %0 = "ms.bitwise_and"(%lhs, %rhs) : (tensor<6xi32>, tensor<6xi32>) -> tensor<6xi32>
  func.return %0 : tensor<6xi32>
}
// eval: @bitwise_and_i32([7, -7, 7, -7, 2147483647, 5], [2, 2, -2, -2, 2, 0]) = [2, 0, 6, -8, 2, 0]

func.func @bitwise_or_i32(%lhs: tensor<6xi32>, %rhs: tensor<6xi32>) -> tensor<6xi32> {
  %0 = "ms.bitwise_or"(%lhs, %rhs) : (tensor<6xi32>, tensor<6xi32>) -> tensor<6xi32>
  func.return %0 : tensor<6xi32>
}
// eval: @bitwise_or_i32([7, -7, 7, -7, 2147483647, 5], [2, 2, -2, -2, 2, 0]) = [7, -5, -1, -1, 2147483647, 5]

func.func @bitwise_xor_i32(%lhs: tensor<6xi32>, %rhs: tensor<6xi32>) -> tensor<6xi32> {
  %0 = "ms.bitwise_xor"(%lhs, %rhs) : (tensor<6xi32>, tensor<6xi32>) -> tensor<6xi32>
  func.return %0 : tensor<6xi32>
}
// eval: @bitwise_xor_i32([7, -7, 7, -7, 2147483647, 5], [2, 2, -2, -2, 2, 0]) = [5, -5, -7, 7, 2147483645, 5]

func.func @pow_i32(%lhs: tensor<5xi32>, %rhs: tensor<5xi32>) -> tensor<5xi32> {
  %0 = "ms.pow"(%lhs, %rhs) : (tensor<5xi32>, tensor<5xi32>) -> tensor<5xi32>
  func.return %0 : tensor<5xi32>
}
// eval: @pow_i32([3, -2, 2, 10, -1], [4, 3, -1, 0, -3]) = [81, -8, 0, 1, -1]

func.func @mul_i64(%lhs: tensor<2xi64>, %rhs: tensor<2xi64>) -> tensor<2xi64> {
  %0 = "ms.mul"(%lhs, %rhs) : (tensor<2xi64>, tensor<2xi64>) -> tensor<2xi64>
  func.return %0 : tensor<2xi64>
}
// eval: @mul_i64([1099511627776, 3], [4194304, -5]) = [4611686018427387904, -15]

func.func @add_ui8(%lhs: tensor<2xui8>, %rhs: tensor<2xui8>) -> tensor<2xui8> {
  %0 = "ms.add"(%lhs, %rhs) : (tensor<2xui8>, tensor<2xui8>) -> tensor<2xui8>
  func.return %0 : tensor<2xui8>
}
// eval: @add_ui8([250, 1], [10, 2]) = [4, 3]

func.func @logical_and(%lhs: tensor<4xi1>, %rhs: tensor<4xi1>) -> tensor<4xi1> {
  %0 = "ms.logical_and"(%lhs, %rhs) : (tensor<4xi1>, tensor<4xi1>) -> tensor<4xi1>
  func.return %0 : tensor<4xi1>
}
// eval: @logical_and([true, true, false, false], [true, false, true, false]) = [true, false, false, false]

func.func @logical_or(%lhs: tensor<4xi1>, %rhs: tensor<4xi1>) -> tensor<4xi1> {
  %0 = "ms.logical_or"(%lhs, %rhs) : (tensor<4xi1>, tensor<4xi1>) -> tensor<4xi1>
  func.return %0 : tensor<4xi1>
}
// eval: @logical_or([true, true, false, false], [true, false, true, false]) = [true, true, true, false]

func.func @logical_xor(%lhs: tensor<4xi1>, %rhs: tensor<4xi1>) -> tensor<4xi1> {
  %0 = "ms.logical_xor"(%lhs, %rhs) : (tensor<4xi1>, tensor<4xi1>) -> tensor<4xi1>
  func.return %0 : tensor<4xi1>
}
// eval: @logical_xor([true, true, false, false], [true, false, true, false]) = [false, true, true, false]
