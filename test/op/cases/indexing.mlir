// Recorded by record/: mindspore 2.7.0 (CPU), numpy 1.26.4.

func.func @gather_0(%x: tensor<3x4xf32>, %indices: tensor<2x2xi32>) -> tensor<2x2x4xf32> {
  %0 = "ms.gather"(%x, %indices) {axis = 0 : i64} : (tensor<3x4xf32>, tensor<2x2xi32>) -> tensor<2x2x4xf32>
  func.return %0 : tensor<2x2x4xf32>
}
// eval: @gather_0([[-1.25, 0.75, 0, 1.25], [0.5, -0.25, 1, 0.25], [-0.5, 0.75, 0, -0.75]], [[2, 0], [1, 2]]) = [[[-0.5, 0.75, 0, -0.75], [-1.25, 0.75, 0, 1.25]], [[0.5, -0.25, 1, 0.25], [-0.5, 0.75, 0, -0.75]]]

func.func @gather_1(%x: tensor<3x4xf32>, %indices: tensor<3xi32>) -> tensor<3x3xf32> {
  %0 = "ms.gather"(%x, %indices) {axis = 1 : i64} : (tensor<3x4xf32>, tensor<3xi32>) -> tensor<3x3xf32>
  func.return %0 : tensor<3x3xf32>
}
// eval: @gather_1([[-1.25, 0.75, 0, 1.25], [0.5, -0.25, 1, 0.25], [-0.5, 0.75, 0, -0.75]], [3, 1, 1]) = [[1.25, 0.75, 0.75], [0.25, -0.25, -0.25], [-0.75, 0.75, 0.75]]

func.func @gather_scalar(%x: tensor<3x4xf32>, %indices: tensor<i32>) -> tensor<4xf32> {
  %0 = "ms.gather"(%x, %indices) {axis = 0 : i64} : (tensor<3x4xf32>, tensor<i32>) -> tensor<4xf32>
  func.return %0 : tensor<4xf32>
}
// eval: @gather_scalar([[-1.25, 0.75, 0, 1.25], [0.5, -0.25, 1, 0.25], [-0.5, 0.75, 0, -0.75]], 1) = [0.5, -0.25, 1, 0.25]

func.func @gather_outside(%x: tensor<3xf32>, %indices: tensor<3xi32>) -> tensor<3xf32> {
  %0 = "ms.gather"(%x, %indices) {axis = 0 : i64} : (tensor<3xf32>, tensor<3xi32>) -> tensor<3xf32>
  func.return %0 : tensor<3xf32>
}
// eval: @gather_outside([-1.25, 0.75, 0], [-1, 0, 3]) = [0, -1.25, 0]

func.func @gather_elements_0(%x: tensor<3x4xf32>, %indices: tensor<2x4xi32>) -> tensor<2x4xf32> {
  %0 = "ms.gather_elements"(%x, %indices) {axis = 0 : i64} : (tensor<3x4xf32>, tensor<2x4xi32>) -> tensor<2x4xf32>
  func.return %0 : tensor<2x4xf32>
}
// eval: @gather_elements_0([[-1.25, 0.75, 0, 1.25], [0.5, -0.25, 1, 0.25], [-0.5, 0.75, 0, -0.75]], [[0, 1, 2, 0], [2, 2, 0, 1]]) = [[-1.25, -0.25, 0, 1.25], [-0.5, 0.75, 0, 0.25]]

func.func @gather_elements_1(%x: tensor<3x4xf32>, %indices: tensor<3x2xi64>) -> tensor<3x2xf32> {
  %0 = "ms.gather_elements"(%x, %indices) {axis = 1 : i64} : (tensor<3x4xf32>, tensor<3x2xi64>) -> tensor<3x2xf32>
  func.return %0 : tensor<3x2xf32>
}
// eval: @gather_elements_1([[-1.25, 0.75, 0, 1.25], [0.5, -0.25, 1, 0.25], [-0.5, 0.75, 0, -0.75]], [[3, 0], [1, 1], [2, 3]]) = [[1.25, -1.25], [-0.25, -0.25], [0, -0.75]]

func.func @gather_nd(%x: tensor<3x4xf32>, %indices: tensor<2x2xi32>) -> tensor<2xf32> {
  %0 = "ms.gather_nd"(%x, %indices) : (tensor<3x4xf32>, tensor<2x2xi32>) -> tensor<2xf32>
  func.return %0 : tensor<2xf32>
}
// eval: @gather_nd([[-1.25, 0.75, 0, 1.25], [0.5, -0.25, 1, 0.25], [-0.5, 0.75, 0, -0.75]], [[0, 1], [2, 3]]) = [0.75, -0.75]

func.func @gather_nd_rows(%x: tensor<3x4xf32>, %indices: tensor<2x1xi32>) -> tensor<2x4xf32> {
  %0 = "ms.gather_nd"(%x, %indices) : (tensor<3x4xf32>, tensor<2x1xi32>) -> tensor<2x4xf32>
  func.return %0 : tensor<2x4xf32>
}
// eval: @gather_nd_rows([[-1.25, 0.75, 0, 1.25], [0.5, -0.25, 1, 0.25], [-0.5, 0.75, 0, -0.75]], [[2], [0]]) = [[-0.5, 0.75, 0, -0.75], [-1.25, 0.75, 0, 1.25]]

func.func @scatter_nd_none(%x: tensor<4xf32>, %indices: tensor<3x1xi32>, %updates: tensor<3xf32>) -> tensor<4xf32> {
  %0 = "ms.scatter_nd"(%x, %indices, %updates) {reduction = "none"} : (tensor<4xf32>, tensor<3x1xi32>, tensor<3xf32>) -> tensor<4xf32>
  func.return %0 : tensor<4xf32>
}
// eval: @scatter_nd_none([-1.25, 0.75, 0, 1.25], [[1], [3], [1]], [10, 20, 30]) = [-1.25, 30, 0, 20]

func.func @scatter_nd_apart(%x: tensor<4xf32>, %indices: tensor<2x1xi32>, %updates: tensor<2xf32>) -> tensor<4xf32> {
  %0 = "ms.scatter_nd"(%x, %indices, %updates) {reduction = "none"} : (tensor<4xf32>, tensor<2x1xi32>, tensor<2xf32>) -> tensor<4xf32>
  func.return %0 : tensor<4xf32>
}
// eval: @scatter_nd_apart([-1.25, 0.75, 0, 1.25], [[3], [1]], [10, 20]) = [-1.25, 20, 0, 10]

func.func @scatter_nd_add(%x: tensor<4xf32>, %indices: tensor<3x1xi32>, %updates: tensor<3xf32>) -> tensor<4xf32> {
  %0 = "ms.scatter_nd"(%x, %indices, %updates) {reduction = "add"} : (tensor<4xf32>, tensor<3x1xi32>, tensor<3xf32>) -> tensor<4xf32>
  func.return %0 : tensor<4xf32>
}
// eval: @scatter_nd_add([-1.25, 0.75, 0, 1.25], [[1], [3], [1]], [10, 20, 30]) = [-1.25, 40.75, 0, 21.25]

func.func @scatter_nd_mul(%x: tensor<4xf32>, %indices: tensor<3x1xi32>, %updates: tensor<3xf32>) -> tensor<4xf32> {
  %0 = "ms.scatter_nd"(%x, %indices, %updates) {reduction = "mul"} : (tensor<4xf32>, tensor<3x1xi32>, tensor<3xf32>) -> tensor<4xf32>
  func.return %0 : tensor<4xf32>
}
// eval: @scatter_nd_mul([-1.25, 0.75, 0, 1.25], [[1], [3], [1]], [10, 20, 30]) = [-1.25, 225, 0, 25]

func.func @scatter_nd_max(%x: tensor<4xf32>, %indices: tensor<3x1xi32>, %updates: tensor<3xf32>) -> tensor<4xf32> {
  %0 = "ms.scatter_nd"(%x, %indices, %updates) {reduction = "max"} : (tensor<4xf32>, tensor<3x1xi32>, tensor<3xf32>) -> tensor<4xf32>
  func.return %0 : tensor<4xf32>
}
// eval: @scatter_nd_max([-1.25, 0.75, 0, 1.25], [[1], [3], [1]], [10, 20, 30]) = [-1.25, 30, 0, 20]

func.func @scatter_nd_min(%x: tensor<4xf32>, %indices: tensor<3x1xi32>, %updates: tensor<3xf32>) -> tensor<4xf32> {
  %0 = "ms.scatter_nd"(%x, %indices, %updates) {reduction = "min"} : (tensor<4xf32>, tensor<3x1xi32>, tensor<3xf32>) -> tensor<4xf32>
  func.return %0 : tensor<4xf32>
}
// eval: @scatter_nd_min([-1.25, 0.75, 0, 1.25], [[1], [3], [1]], [10, 20, 30]) = [-1.25, 0.75, 0, 1.25]

func.func @scatter_nd_rows(%x: tensor<3x4xf32>, %indices: tensor<2x1xi32>, %updates: tensor<2x4xf32>) -> tensor<3x4xf32> {
  %0 = "ms.scatter_nd"(%x, %indices, %updates) {reduction = "add"} : (tensor<3x4xf32>, tensor<2x1xi32>, tensor<2x4xf32>) -> tensor<3x4xf32>
  func.return %0 : tensor<3x4xf32>
}
// eval: @scatter_nd_rows([[-1.25, 0.75, 0, 1.25], [0.5, -0.25, 1, 0.25], [-0.5, 0.75, 0, -0.75]], [[2], [0]], [[3.75, 5.75, 5, 6.25], [5.5, 4.75, 6, 5.25]]) = [[4.25, 5.5, 6, 6.5], [0.5, -0.25, 1, 0.25], [3.25, 6.5, 5, 5.5]]

func.func @scatter_elements(%x: tensor<3x4xf32>, %indices: tensor<2x4xi32>, %updates: tensor<2x4xf32>) -> tensor<3x4xf32> {
  %0 = "ms.scatter_elements"(%x, %indices, %updates) {axis = 0 : i64, reduction = "add"} : (tensor<3x4xf32>, tensor<2x4xi32>, tensor<2x4xf32>) -> tensor<3x4xf32>
  func.return %0 : tensor<3x4xf32>
}
// eval: @scatter_elements([[-1.25, 0.75, 0, 1.25], [0.5, -0.25, 1, 0.25], [-0.5, 0.75, 0, -0.75]], [[0, 1, 2, 0], [2, 2, 0, 1]], [[1.75, 3.75, 3, 4.25], [3.5, 2.75, 4, 3.25]]) = [[0.5, 0.75, 4, 5.5], [0.5, 3.5, 1, 3.5], [3, 3.5, 3, -0.75]]

func.func @scatter_elements_apart(%x: tensor<2x3xf32>, %indices: tensor<2x2xi32>, %updates: tensor<2x2xf32>) -> tensor<2x3xf32> {
  %0 = "ms.scatter_elements"(%x, %indices, %updates) {axis = 1 : i64, reduction = "none"} : (tensor<2x3xf32>, tensor<2x2xi32>, tensor<2x2xf32>) -> tensor<2x3xf32>
  func.return %0 : tensor<2x3xf32>
}
// eval: @scatter_elements_apart([[-1.25, 0.75, 0], [0.5, -0.25, 1]], [[2, 0], [1, 2]], [[10, 20], [30, 40]]) = [[20, 0.75, 10], [0.5, 30, 40]]

func.func @one_hot(%indices: tensor<3xi32>, %on_value: tensor<f32>, %off_value: tensor<f32>) -> tensor<3x3xf32> {
  %0 = "ms.one_hot"(%indices, %on_value, %off_value) {axis = 1 : i64, depth = 3 : i64} : (tensor<3xi32>, tensor<f32>, tensor<f32>) -> tensor<3x3xf32>
  func.return %0 : tensor<3x3xf32>
}
// eval: @one_hot([0, 2, 5], 1, -0.5) = [[1, -0.5, -0.5], [-0.5, -0.5, 1], [-0.5, -0.5, -0.5]]

func.func @one_hot_0(%indices: tensor<2xi32>, %on_value: tensor<i32>, %off_value: tensor<i32>) -> tensor<2x2xi32> {
  %0 = "ms.one_hot"(%indices, %on_value, %off_value) {axis = 0 : i64, depth = 2 : i64} : (tensor<2xi32>, tensor<i32>, tensor<i32>) -> tensor<2x2xi32>
  func.return %0 : tensor<2x2xi32>
}
// eval: @one_hot_0([1, 0], 7, 0) = [[0, 7], [7, 0]]

func.func @triangle_lower() -> tensor<3x4xi1> {
  %0 = "ms.triangle"() {diagonal = 1 : i64, part = "lower"} : () -> tensor<3x4xi1>
  func.return %0 : tensor<3x4xi1>
}
// eval: @triangle_lower() = [[true, true, false, false], [true, true, true, false], [true, true, true, true]]

func.func @triangle_upper() -> tensor<2x3x3xi1> {
  %0 = "ms.triangle"() {diagonal = -1 : i64, part = "upper"} : () -> tensor<2x3x3xi1>
  func.return %0 : tensor<2x3x3xi1>
}
// eval: @triangle_upper() = [[[true, true, true], [true, true, true], [false, true, true]], [[true, true, true], [true, true, true], [false, true, true]]]
