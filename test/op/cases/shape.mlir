// Recorded by record/: mindspore 2.7.0 (CPU), numpy 1.26.4.

func.func @reshape(%x: tensor<2x3x4xf32>) -> tensor<4x6xf32> {
  %0 = "ms.reshape"(%x) : (tensor<2x3x4xf32>) -> tensor<4x6xf32>
  func.return %0 : tensor<4x6xf32>
}
// eval: @reshape([[[-1.25, 0.75, 0, 1.25], [0.5, -0.25, 1, 0.25], [-0.5, 0.75, 0, -0.75]], [[0.5, -0.25, 1.75, 0.25], [-0.5, 1.5, 0, -0.75], [1.25, -0.25, -1, 1]]]) = [[-1.25, 0.75, 0, 1.25, 0.5, -0.25], [1, 0.25, -0.5, 0.75, 0, -0.75], [0.5, -0.25, 1.75, 0.25, -0.5, 1.5], [0, -0.75, 1.25, -0.25, -1, 1]]

func.func @reshape_join(%x: tensor<2x3x4xf32>) -> tensor<6x4xf32> {
  %0 = "ms.reshape"(%x) : (tensor<2x3x4xf32>) -> tensor<6x4xf32>
  func.return %0 : tensor<6x4xf32>
}
// eval: @reshape_join([[[-1.25, 0.75, 0, 1.25], [0.5, -0.25, 1, 0.25], [-0.5, 0.75, 0, -0.75]], [[0.5, -0.25, 1.75, 0.25], [-0.5, 1.5, 0, -0.75], [1.25, -0.25, -1, 1]]]) = [[-1.25, 0.75, 0, 1.25], [0.5, -0.25, 1, 0.25], [-0.5, 0.75, 0, -0.75], [0.5, -0.25, 1.75, 0.25], [-0.5, 1.5, 0, -0.75], [1.25, -0.25, -1, 1]]

func.func @reshape_split(%x: tensor<4x6xf32>) -> tensor<2x2x1x6xf32> {
  %0 = "ms.reshape"(%x) : (tensor<4x6xf32>) -> tensor<2x2x1x6xf32>
  func.return %0 : tensor<2x2x1x6xf32>
}
// eval: @reshape_split([[-1.25, 0.75, 0, 1.25, 0.5, -0.25], [1, 0.25, -0.5, 0.75, 0, -0.75], [0.5, -0.25, 1.75, 0.25, -0.5, 1.5], [0, -0.75, 1.25, -0.25, -1, 1]]) = [[[[-1.25, 0.75, 0, 1.25, 0.5, -0.25]], [[1, 0.25, -0.5, 0.75, 0, -0.75]]], [[[0.5, -0.25, 1.75, 0.25, -0.5, 1.5]], [[0, -0.75, 1.25, -0.25, -1, 1]]]]

func.func @reshape_scalar(%x: tensor<1x1xf32>) -> tensor<f32> {
  %0 = "ms.reshape"(%x) : (tensor<1x1xf32>) -> tensor<f32>
  func.return %0 : tensor<f32>
}
// eval: @reshape_scalar([[-1.25]]) = -1.25

func.func @transpose(%x: tensor<2x3x4xf32>) -> tensor<4x2x3xf32> {
  %0 = "ms.transpose"(%x) {permutation = array<i64: 2, 0, 1>} : (tensor<2x3x4xf32>) -> tensor<4x2x3xf32>
  func.return %0 : tensor<4x2x3xf32>
}
// eval: @transpose([[[-1.25, 0.75, 0, 1.25], [0.5, -0.25, 1, 0.25], [-0.5, 0.75, 0, -0.75]], [[0.5, -0.25, 1.75, 0.25], [-0.5, 1.5, 0, -0.75], [1.25, -0.25, -1, 1]]]) = [[[-1.25, 0.5, -0.5], [0.5, -0.5, 1.25]], [[0.75, -0.25, 0.75], [-0.25, 1.5, -0.25]], [[0, 1, 0], [1.75, 0, -1]], [[1.25, 0.25, -0.75], [0.25, -0.75, 1]]]

func.func @transpose_i1(%x: tensor<3x4xi1>) -> tensor<4x3xi1> {
  %0 = "ms.transpose"(%x) {permutation = array<i64: 1, 0>} : (tensor<3x4xi1>) -> tensor<4x3xi1>
  func.return %0 : tensor<4x3xi1>
}
// eval: @transpose_i1([[false, true, false, true], [true, false, true, true], [false, true, false, false]]) = [[false, true, false], [true, false, true], [false, true, false], [true, true, false]]

func.func @transpose_scalar(%x: tensor<f32>) -> tensor<f32> {
  %0 = "ms.transpose"(%x) {permutation = array<i64>} : (tensor<f32>) -> tensor<f32>
  func.return %0 : tensor<f32>
}
// eval: @transpose_scalar(2) = 2

func.func @broadcast_to(%x: tensor<3x1xf32>) -> tensor<2x3x4xf32> {
  %0 = "ms.broadcast_to"(%x) : (tensor<3x1xf32>) -> tensor<2x3x4xf32>
  func.return %0 : tensor<2x3x4xf32>
}
// eval: @broadcast_to([[-1.25], [0.75], [0]]) = [[[-1.25, -1.25, -1.25, -1.25], [0.75, 0.75, 0.75, 0.75], [0, 0, 0, 0]], [[-1.25, -1.25, -1.25, -1.25], [0.75, 0.75, 0.75, 0.75], [0, 0, 0, 0]]]

func.func @concat(%a: tensor<2x3x4xf32>, %b: tensor<2x1x4xf32>, %c: tensor<2x2x4xf32>) -> tensor<2x6x4xf32> {
  %0 = "ms.concat"(%a, %b, %c) {axis = 1 : i64} : (tensor<2x3x4xf32>, tensor<2x1x4xf32>, tensor<2x2x4xf32>) -> tensor<2x6x4xf32>
  func.return %0 : tensor<2x6x4xf32>
}
// eval: @concat([[[-1.25, 0.75, 0, 1.25], [0.5, -0.25, 1, 0.25], [-0.5, 0.75, 0, -0.75]], [[0.5, -0.25, 1.75, 0.25], [-0.5, 1.5, 0, -0.75], [1.25, -0.25, -1, 1]]], [[[-1.25, 0.75, 0, 1.25]], [[0.5, -0.25, 1, 0.25]]], [[[-1.25, 0.75, 0, 1.25], [0.5, -0.25, 1, 0.25]], [[-0.5, 0.75, 0, -0.75], [0.5, -0.25, 1.75, 0.25]]]) = [[[-1.25, 0.75, 0, 1.25], [0.5, -0.25, 1, 0.25], [-0.5, 0.75, 0, -0.75], [-1.25, 0.75, 0, 1.25], [-1.25, 0.75, 0, 1.25], [0.5, -0.25, 1, 0.25]], [[0.5, -0.25, 1.75, 0.25], [-0.5, 1.5, 0, -0.75], [1.25, -0.25, -1, 1], [0.5, -0.25, 1, 0.25], [-0.5, 0.75, 0, -0.75], [0.5, -0.25, 1.75, 0.25]]]

func.func @split(%x: tensor<2x3x4xf32>) -> (tensor<2x3x1xf32>, tensor<2x3x2xf32>, tensor<2x3x1xf32>) {
  %0:3 = "ms.split"(%x) {axis = 2 : i64, sizes = array<i64: 1, 2, 1>} : (tensor<2x3x4xf32>) -> (tensor<2x3x1xf32>, tensor<2x3x2xf32>, tensor<2x3x1xf32>)
  func.return %0#0, %0#1, %0#2 : tensor<2x3x1xf32>, tensor<2x3x2xf32>, tensor<2x3x1xf32>
}
// eval: @split([[[-1.25, 0.75, 0, 1.25], [0.5, -0.25, 1, 0.25], [-0.5, 0.75, 0, -0.75]], [[0.5, -0.25, 1.75, 0.25], [-0.5, 1.5, 0, -0.75], [1.25, -0.25, -1, 1]]]) = [[[-1.25], [0.5], [-0.5]], [[0.5], [-0.5], [1.25]]], [[[0.75, 0], [-0.25, 1], [0.75, 0]], [[-0.25, 1.75], [1.5, 0], [-0.25, -1]]], [[[1.25], [0.25], [-0.75]], [[0.25], [-0.75], [1]]]

func.func @slice(%x: tensor<2x3x4xf32>) -> tensor<2x2x2xf32> {
  %0 = "ms.slice"(%x) {axes = array<i64: 1, 2>, begins = array<i64: 1, 0>, ends = array<i64: 3, 4>, strides = array<i64: 1, 2>} : (tensor<2x3x4xf32>) -> tensor<2x2x2xf32>
  func.return %0 : tensor<2x2x2xf32>
}
// eval: @slice([[[-1.25, 0.75, 0, 1.25], [0.5, -0.25, 1, 0.25], [-0.5, 0.75, 0, -0.75]], [[0.5, -0.25, 1.75, 0.25], [-0.5, 1.5, 0, -0.75], [1.25, -0.25, -1, 1]]]) = [[[0.5, 1], [-0.5, 0]], [[-0.5, 0], [1.25, -1]]]

func.func @slice_nothing(%x: tensor<2x3x4xf32>) -> tensor<2x0x4xf32> {
  %0 = "ms.slice"(%x) {axes = array<i64: 1>, begins = array<i64: 1>, ends = array<i64: 1>, strides = array<i64: 1>} : (tensor<2x3x4xf32>) -> tensor<2x0x4xf32>
  func.return %0 : tensor<2x0x4xf32>
}
// eval: @slice_nothing([[[-1.25, 0.75, 0, 1.25], [0.5, -0.25, 1, 0.25], [-0.5, 0.75, 0, -0.75]], [[0.5, -0.25, 1.75, 0.25], [-0.5, 1.5, 0, -0.75], [1.25, -0.25, -1, 1]]]) = [[], []]

func.func @slice_update(%x: tensor<2x3x4xf32>, %update: tensor<2x2x2xf32>) -> tensor<2x3x4xf32> {
  %0 = "ms.slice_update"(%x, %update) {axes = array<i64: 1, 2>, begins = array<i64: 1, 0>, ends = array<i64: 3, 4>, strides = array<i64: 1, 3>} : (tensor<2x3x4xf32>, tensor<2x2x2xf32>) -> tensor<2x3x4xf32>
  func.return %0 : tensor<2x3x4xf32>
}
// eval: @slice_update([[[-1.25, 0.75, 0, 1.25], [0.5, -0.25, 1, 0.25], [-0.5, 0.75, 0, -0.75]], [[0.5, -0.25, 1.75, 0.25], [-0.5, 1.5, 0, -0.75], [1.25, -0.25, -1, 1]]], [[[7.75, 9.75], [9, 10.25]], [[9.5, 8.75], [10, 9.25]]]) = [[[-1.25, 0.75, 0, 1.25], [7.75, -0.25, 1, 9.75], [9, 0.75, 0, 10.25]], [[0.5, -0.25, 1.75, 0.25], [9.5, 1.5, 0, 8.75], [10, -0.25, -1, 9.25]]]

func.func @pad_constant(%x: tensor<2x3xf32>) -> tensor<3x6xf32> {
  %0 = "ms.pad"(%x) {high = array<i64: 0, 1>, low = array<i64: 1, 2>, mode = "constant", value = 1.500000e+00 : f32} : (tensor<2x3xf32>) -> tensor<3x6xf32>
  func.return %0 : tensor<3x6xf32>
}
// eval: @pad_constant([[-1.25, 0.75, 0], [1.25, 0.5, -0.25]]) = [[1.5, 1.5, 1.5, 1.5, 1.5, 1.5], [1.5, 1.5, -1.25, 0.75, 0, 1.5], [1.5, 1.5, 1.25, 0.5, -0.25, 1.5]]

func.func @pad_reflect(%x: tensor<2x3xf32>) -> tensor<3x6xf32> {
  %0 = "ms.pad"(%x) {high = array<i64: 0, 1>, low = array<i64: 1, 2>, mode = "reflect", value = 1.500000e+00 : f32} : (tensor<2x3xf32>) -> tensor<3x6xf32>
  func.return %0 : tensor<3x6xf32>
}
// eval: @pad_reflect([[-1.25, 0.75, 0], [1.25, 0.5, -0.25]]) = [[-0.25, 0.5, 1.25, 0.5, -0.25, 0.5], [0, 0.75, -1.25, 0.75, 0, 0.75], [-0.25, 0.5, 1.25, 0.5, -0.25, 0.5]]

func.func @pad_symmetric(%x: tensor<2x3xf32>) -> tensor<3x6xf32> {
  %0 = "ms.pad"(%x) {high = array<i64: 0, 1>, low = array<i64: 1, 2>, mode = "symmetric", value = 1.500000e+00 : f32} : (tensor<2x3xf32>) -> tensor<3x6xf32>
  func.return %0 : tensor<3x6xf32>
}
// eval: @pad_symmetric([[-1.25, 0.75, 0], [1.25, 0.5, -0.25]]) = [[0.75, -1.25, -1.25, 0.75, 0, 0], [0.75, -1.25, -1.25, 0.75, 0, 0], [0.5, 1.25, 1.25, 0.5, -0.25, -0.25]]

func.func @pad_edge(%x: tensor<2x3xf32>) -> tensor<3x6xf32> {
  %0 = "ms.pad"(%x) {high = array<i64: 0, 1>, low = array<i64: 1, 2>, mode = "edge", value = 1.500000e+00 : f32} : (tensor<2x3xf32>) -> tensor<3x6xf32>
  func.return %0 : tensor<3x6xf32>
}
// eval: @pad_edge([[-1.25, 0.75, 0], [1.25, 0.5, -0.25]]) = [[-1.25, -1.25, -1.25, 0.75, 0, 0], [-1.25, -1.25, -1.25, 0.75, 0, 0], [1.25, 1.25, 1.25, 0.5, -0.25, -0.25]]

func.func @tile(%x: tensor<2x3xf32>) -> tensor<4x6xf32> {
  %0 = "ms.tile"(%x) {repeats = array<i64: 2, 2>} : (tensor<2x3xf32>) -> tensor<4x6xf32>
  func.return %0 : tensor<4x6xf32>
}
// eval: @tile([[-1.25, 0.75, 0], [1.25, 0.5, -0.25]]) = [[-1.25, 0.75, 0, -1.25, 0.75, 0], [1.25, 0.5, -0.25, 1.25, 0.5, -0.25], [-1.25, 0.75, 0, -1.25, 0.75, 0], [1.25, 0.5, -0.25, 1.25, 0.5, -0.25]]

func.func @repeat(%x: tensor<2x3xf32>) -> tensor<2x6xf32> {
  %0 = "ms.repeat"(%x) {axis = 1 : i64, count = 2 : i64} : (tensor<2x3xf32>) -> tensor<2x6xf32>
  func.return %0 : tensor<2x6xf32>
}
// eval: @repeat([[-1.25, 0.75, 0], [1.25, 0.5, -0.25]]) = [[-1.25, -1.25, 0.75, 0.75, 0, 0], [1.25, 1.25, 0.5, 0.5, -0.25, -0.25]]

func.func @reverse(%x: tensor<2x3x4xf32>) -> tensor<2x3x4xf32> {
  %0 = "ms.reverse"(%x) {axes = array<i64: 0, 2>} : (tensor<2x3x4xf32>) -> tensor<2x3x4xf32>
  func.return %0 : tensor<2x3x4xf32>
}
// eval: @reverse([[[-1.25, 0.75, 0, 1.25], [0.5, -0.25, 1, 0.25], [-0.5, 0.75, 0, -0.75]], [[0.5, -0.25, 1.75, 0.25], [-0.5, 1.5, 0, -0.75], [1.25, -0.25, -1, 1]]]) = [[[0.25, 1.75, -0.25, 0.5], [-0.75, 0, 1.5, -0.5], [1, -1, -0.25, 1.25]], [[1.25, 0, 0.75, -1.25], [0.25, 1, -0.25, 0.5], [-0.75, 0, 0.75, -0.5]]]

func.func @roll(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "ms.roll"(%x) {axis = 1 : i64, shift = 1 : i64} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  func.return %0 : tensor<2x3xf32>
}
// eval: @roll([[-1.25, 0.75, 0], [1.25, 0.5, -0.25]]) = [[0, -1.25, 0.75], [-0.25, 1.25, 0.5]]

func.func @roll_back(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "ms.roll"(%x) {axis = 1 : i64, shift = -4 : i64} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  func.return %0 : tensor<2x3xf32>
}
// eval: @roll_back([[-1.25, 0.75, 0], [1.25, 0.5, -0.25]]) = [[0.75, 0, -1.25], [0.5, -0.25, 1.25]]

func.func @iota() -> tensor<3x2xi32> {
  %0 = "ms.iota"() {axis = 0 : i64} : () -> tensor<3x2xi32>
  func.return %0 : tensor<3x2xi32>
}
// eval: @iota() = [[0, 0], [1, 1], [2, 2]]

func.func @iota_f16() -> tensor<4xf16> {
  %0 = "ms.iota"() {axis = 0 : i64} : () -> tensor<4xf16>
  func.return %0 : tensor<4xf16>
}
// eval: @iota_f16() = [0, 1, 2, 3]
