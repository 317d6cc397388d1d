// Recorded by record/: mindspore 2.7.0 (CPU), numpy 1.26.4.

func.func @sort(%x: tensor<2x4xf32>) -> (tensor<2x4xf32>, tensor<2x4xi32>) {
  %0:2 = "ms.sort"(%x) {axis = 1 : i64, descending = false} : (tensor<2x4xf32>) -> (tensor<2x4xf32>, tensor<2x4xi32>)
  func.return %0#0, %0#1 : tensor<2x4xf32>, tensor<2x4xi32>
}
// eval: @sort([[3, 1, 2, 1], [0, nan, -1, 7]]) = [[1, 1, 2, 3], [-1, 0, 7, nan]], [[1, 3, 2, 0], [2, 0, 3, 1]]

func.func @sort_descending(%x: tensor<3x4xf32>) -> (tensor<3x4xf32>, tensor<3x4xi32>) {
  %0:2 = "ms.sort"(%x) {axis = 0 : i64, descending = true} : (tensor<3x4xf32>) -> (tensor<3x4xf32>, tensor<3x4xi32>)
  func.return %0#0, %0#1 : tensor<3x4xf32>, tensor<3x4xi32>
}
// eval: @sort_descending([[-1.25, 0.75, 0, 1.25], [0.5, -0.25, 1, 0.25], [-0.5, 0.75, 0, -0.75]]) = [[0.5, 0.75, 1, 1.25], [-0.5, 0.75, 0, 0.25], [-1.25, -0.25, 0, -0.75]], [[1, 0, 1, 0], [2, 2, 0, 1], [0, 1, 2, 2]]

func.func @top_k(%x: tensor<3x4xf32>) -> (tensor<3x2xf32>, tensor<3x2xi32>) {
  %0:2 = "ms.top_k"(%x) {k = 2 : i64, largest = true} : (tensor<3x4xf32>) -> (tensor<3x2xf32>, tensor<3x2xi32>)
  func.return %0#0, %0#1 : tensor<3x2xf32>, tensor<3x2xi32>
}
// eval: @top_k([[-1.25, 0.75, 0, 1.25], [0.5, -0.25, 1, 0.25], [-0.5, 0.75, 0, -0.75]]) = [[1.25, 0.75], [1, 0.5], [0.75, 0]], [[3, 1], [2, 0], [1, 2]]

func.func @top_k_smallest_i32(%x: tensor<4xi32>) -> (tensor<3xi32>, tensor<3xi32>) {
  %0:2 = "ms.top_k"(%x) {k = 3 : i64, largest = false} : (tensor<4xi32>) -> (tensor<3xi32>, tensor<3xi32>)
  func.return %0#0, %0#1 : tensor<3xi32>, tensor<3xi32>
}
// eval: @top_k_smallest_i32([5, -2, 9, -2]) = [-2, -2, 5], [1, 3, 0]
