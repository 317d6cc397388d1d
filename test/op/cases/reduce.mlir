// Recorded by record/: mindspore 2.7.0 (CPU), numpy 1.26.4.

func.func @reduce_sum(%x: tensor<2x3x4xf32>) -> tensor<2x4xf32> {
  %0 = "ms.reduce_sum"(%x) {axes = array<i64: 1>, keep_dims = false} : (tensor<2x3x4xf32>) -> tensor<2x4xf32>
  func.return %0 : tensor<2x4xf32>
}
// eval: @reduce_sum([[[-1.25, 0.75, 0, 1.25], [0.5, -0.25, 1, 0.25], [-0.5, 0.75, 0, -0.75]], [[0.5, -0.25, 1.75, 0.25], [-0.5, 1.5, 0, -0.75], [1.25, -0.25, -1, 1]]]) = [[-1.25, 1.25, 1, 0.75], [1.25, 1, 0.75, 0.5]]

func.func @reduce_sum_kept(%x: tensor<2x3x4xf32>) -> tensor<1x3x1xf32> {
  %0 = "ms.reduce_sum"(%x) {axes = array<i64: 0, 2>, keep_dims = true} : (tensor<2x3x4xf32>) -> tensor<1x3x1xf32>
  func.return %0 : tensor<1x3x1xf32>
}
// eval: @reduce_sum_kept([[[-1.25, 0.75, 0, 1.25], [0.5, -0.25, 1, 0.25], [-0.5, 0.75, 0, -0.75]], [[0.5, -0.25, 1.75, 0.25], [-0.5, 1.5, 0, -0.75], [1.25, -0.25, -1, 1]]]) = [[[3], [1.75], [0.5]]]

func.func @reduce_mean(%x: tensor<2x3x4xf32>) -> tensor<2x4xf32> {
  %0 = "ms.reduce_mean"(%x) {axes = array<i64: 1>, keep_dims = false} : (tensor<2x3x4xf32>) -> tensor<2x4xf32>
  func.return %0 : tensor<2x4xf32>
}
// eval: @reduce_mean([[[-1.25, 0.75, 0, 1.25], [0.5, -0.25, 1, 0.25], [-0.5, 0.75, 0, -0.75]], [[0.5, -0.25, 1.75, 0.25], [-0.5, 1.5, 0, -0.75], [1.25, -0.25, -1, 1]]]) = [[-0.416666657, 0.416666657, 0.333333343, 0.25], [0.416666657, 0.333333343, 0.25, 0.166666672]]

func.func @reduce_mean_kept(%x: tensor<2x3x4xf32>) -> tensor<1x3x1xf32> {
  %0 = "ms.reduce_mean"(%x) {axes = array<i64: 0, 2>, keep_dims = true} : (tensor<2x3x4xf32>) -> tensor<1x3x1xf32>
  func.return %0 : tensor<1x3x1xf32>
}
// eval: @reduce_mean_kept([[[-1.25, 0.75, 0, 1.25], [0.5, -0.25, 1, 0.25], [-0.5, 0.75, 0, -0.75]], [[0.5, -0.25, 1.75, 0.25], [-0.5, 1.5, 0, -0.75], [1.25, -0.25, -1, 1]]]) = [[[0.375], [0.21875], [0.0625]]]

func.func @reduce_prod(%x: tensor<2x3x4xf32>) -> tensor<2x4xf32> {
  %0 = "ms.reduce_prod"(%x) {axes = array<i64: 1>, keep_dims = false} : (tensor<2x3x4xf32>) -> tensor<2x4xf32>
  func.return %0 : tensor<2x4xf32>
}
// eval: @reduce_prod([[[-1.25, 0.75, 0, 1.25], [0.5, -0.25, 1, 0.25], [-0.5, 0.75, 0, -0.75]], [[0.5, -0.25, 1.75, 0.25], [-0.5, 1.5, 0, -0.75], [1.25, -0.25, -1, 1]]]) = [[0.3125, -0.140625, 0, -0.234375], [-0.3125, 0.09375, -0, -0.1875]]

func.func @reduce_prod_kept(%x: tensor<2x3x4xf32>) -> tensor<1x3x1xf32> {
  %0 = "ms.reduce_prod"(%x) {axes = array<i64: 0, 2>, keep_dims = true} : (tensor<2x3x4xf32>) -> tensor<1x3x1xf32>
  func.return %0 : tensor<1x3x1xf32>
}
// eval: @reduce_prod_kept([[[-1.25, 0.75, 0, 1.25], [0.5, -0.25, 1, 0.25], [-0.5, 0.75, 0, -0.75]], [[0.5, -0.25, 1.75, 0.25], [-0.5, 1.5, 0, -0.75], [1.25, -0.25, -1, 1]]]) = [[[0], [-0], [0]]]

func.func @reduce_max(%x: tensor<2x3x4xf32>) -> tensor<2x4xf32> {
  %0 = "ms.reduce_max"(%x) {axes = array<i64: 1>, keep_dims = false} : (tensor<2x3x4xf32>) -> tensor<2x4xf32>
  func.return %0 : tensor<2x4xf32>
}
// eval: @reduce_max([[[-1.25, 0.75, 0, 1.25], [0.5, -0.25, 1, 0.25], [-0.5, 0.75, 0, -0.75]], [[0.5, -0.25, 1.75, 0.25], [-0.5, 1.5, 0, -0.75], [1.25, -0.25, -1, 1]]]) = [[0.5, 0.75, 1, 1.25], [1.25, 1.5, 1.75, 1]]

func.func @reduce_max_kept(%x: tensor<2x3x4xf32>) -> tensor<1x3x1xf32> {
  %0 = "ms.reduce_max"(%x) {axes = array<i64: 0, 2>, keep_dims = true} : (tensor<2x3x4xf32>) -> tensor<1x3x1xf32>
  func.return %0 : tensor<1x3x1xf32>
}
// eval: @reduce_max_kept([[[-1.25, 0.75, 0, 1.25], [0.5, -0.25, 1, 0.25], [-0.5, 0.75, 0, -0.75]], [[0.5, -0.25, 1.75, 0.25], [-0.5, 1.5, 0, -0.75], [1.25, -0.25, -1, 1]]]) = [[[1.75], [1.5], [1.25]]]

func.func @reduce_min(%x: tensor<2x3x4xf32>) -> tensor<2x4xf32> {
  %0 = "ms.reduce_min"(%x) {axes = array<i64: 1>, keep_dims = false} : (tensor<2x3x4xf32>) -> tensor<2x4xf32>
  func.return %0 : tensor<2x4xf32>
}
// eval: @reduce_min([[[-1.25, 0.75, 0, 1.25], [0.5, -0.25, 1, 0.25], [-0.5, 0.75, 0, -0.75]], [[0.5, -0.25, 1.75, 0.25], [-0.5, 1.5, 0, -0.75], [1.25, -0.25, -1, 1]]]) = [[-1.25, -0.25, 0, -0.75], [-0.5, -0.25, -1, -0.75]]

func.func @reduce_min_kept(%x: tensor<2x3x4xf32>) -> tensor<1x3x1xf32> {
  %0 = "ms.reduce_min"(%x) {axes = array<i64: 0, 2>, keep_dims = true} : (tensor<2x3x4xf32>) -> tensor<1x3x1xf32>
  func.return %0 : tensor<1x3x1xf32>
}
// eval: @reduce_min_kept([[[-1.25, 0.75, 0, 1.25], [0.5, -0.25, 1, 0.25], [-0.5, 0.75, 0, -0.75]], [[0.5, -0.25, 1.75, 0.25], [-0.5, 1.5, 0, -0.75], [1.25, -0.25, -1, 1]]]) = [[[-1.25], [-0.75], [-1]]]

func.func @reduce_sum_all(%x: tensor<2x3x4xf32>) -> tensor<f32> {
  %0 = "ms.reduce_sum"(%x) {axes = array<i64: 0, 1, 2>, keep_dims = false} : (tensor<2x3x4xf32>) -> tensor<f32>
  func.return %0 : tensor<f32>
}
// eval: @reduce_sum_all([[[-1.25, 0.75, 0, 1.25], [0.5, -0.25, 1, 0.25], [-0.5, 0.75, 0, -0.75]], [[0.5, -0.25, 1.75, 0.25], [-0.5, 1.5, 0, -0.75], [1.25, -0.25, -1, 1]]]) = 5.25

func.func @reduce_sum_none(%x: tensor<2x3x4xf32>) -> tensor<2x3x4xf32> {
  %0 = "ms.reduce_sum"(%x) {axes = array<i64>, keep_dims = false} : (tensor<2x3x4xf32>) -> tensor<2x3x4xf32>
  func.return %0 : tensor<2x3x4xf32>
}
// eval: @reduce_sum_none([[[-1.25, 0.75, 0, 1.25], [0.5, -0.25, 1, 0.25], [-0.5, 0.75, 0, -0.75]], [[0.5, -0.25, 1.75, 0.25], [-0.5, 1.5, 0, -0.75], [1.25, -0.25, -1, 1]]]) = [[[-1.25, 0.75, 0, 1.25], [0.5, -0.25, 1, 0.25], [-0.5, 0.75, 0, -0.75]], [[0.5, -0.25, 1.75, 0.25], [-0.5, 1.5, 0, -0.75], [1.25, -0.25, -1, 1]]]

func.func @reduce_sum_empty(%x: tensor<2x0xf32>) -> tensor<2xf32> {
  %0 = "ms.reduce_sum"(%x) {axes = array<i64: 1>, keep_dims = false} : (tensor<2x0xf32>) -> tensor<2xf32>
  func.return %0 : tensor<2xf32>
}
// eval: @reduce_sum_empty([[], []]) = [0, 0]

func.func @reduce_max_nan(%x: tensor<2x2xf32>) -> tensor<2xf32> {
  %0 = "ms.reduce_max"(%x) {axes = array<i64: 1>, keep_dims = false} : (tensor<2x2xf32>) -> tensor<2xf32>
  func.return %0 : tensor<2xf32>
}
// eval: @reduce_max_nan([[1, nan], [2, 3]]) = [nan, 3]

func.func @reduce_sum_i32(%x: tensor<2x3xi32>) -> tensor<2xi32> {
  %0 = "ms.reduce_sum"(%x) {axes = array<i64: 1>, keep_dims = false} : (tensor<2x3xi32>) -> tensor<2xi32>
  func.return %0 : tensor<2xi32>
}
// eval: @reduce_sum_i32([[1073741824, 1073741824, 5], [-3, 4, 9]]) = [-2147483643, 10]

func.func @reduce_prod_i32(%x: tensor<2x3xi32>) -> tensor<2xi32> {
  %0 = "ms.reduce_prod"(%x) {axes = array<i64: 1>, keep_dims = false} : (tensor<2x3xi32>) -> tensor<2xi32>
  func.return %0 : tensor<2xi32>
}
// eval: @reduce_prod_i32([[1073741824, 1073741824, 5], [-3, 4, 9]]) = [0, -108]

func.func @reduce_all(%x: tensor<3x2xi1>) -> tensor<3xi1> {
  %0 = "ms.reduce_all"(%x) {axes = array<i64: 1>, keep_dims = false} : (tensor<3x2xi1>) -> tensor<3xi1>
  func.return %0 : tensor<3xi1>
}
// eval: @reduce_all([[true, false], [true, true], [false, false]]) = [false, true, false]

func.func @reduce_any(%x: tensor<3x2xi1>) -> tensor<1x2xi1> {
  %0 = "ms.reduce_any"(%x) {axes = array<i64: 0>, keep_dims = true} : (tensor<3x2xi1>) -> tensor<1x2xi1>
  func.return %0 : tensor<1x2xi1>
}
// eval: @reduce_any([[true, false], [true, true], [false, false]]) = [[true, true]]

func.func @argmax(%x: tensor<3x3xf32>) -> tensor<3xi32> {
  %0 = "ms.argmax"(%x) {axis = 1 : i64, keep_dims = false} : (tensor<3x3xf32>) -> tensor<3xi32>
  func.return %0 : tensor<3xi32>
}
// eval: @argmax([[3, 1, 3], [2, 2, 2], [0, nan, 5]]) = [0, 0, 1]

func.func @argmin(%x: tensor<3x3xf32>) -> tensor<3x1xi32> {
  %0 = "ms.argmin"(%x) {axis = 1 : i64, keep_dims = true} : (tensor<3x3xf32>) -> tensor<3x1xi32>
  func.return %0 : tensor<3x1xi32>
}
// eval: @argmin([[3, 1, 3], [2, 2, 2], [0, nan, 5]]) = [[1], [0], [1]]

func.func @argmax_outer(%x: tensor<2x3x4xf32>) -> tensor<3x4xi32> {
  %0 = "ms.argmax"(%x) {axis = 0 : i64, keep_dims = false} : (tensor<2x3x4xf32>) -> tensor<3x4xi32>
  func.return %0 : tensor<3x4xi32>
}
// eval: @argmax_outer([[[-1.25, 0.75, 0, 1.25], [0.5, -0.25, 1, 0.25], [-0.5, 0.75, 0, -0.75]], [[0.5, -0.25, 1.75, 0.25], [-0.5, 1.5, 0, -0.75], [1.25, -0.25, -1, 1]]]) = [[1, 0, 1, 0], [0, 1, 0, 0], [1, 0, 0, 1]]

func.func @cumsum(%x: tensor<2x3x4xf32>) -> tensor<2x3x4xf32> {
  %0 = "ms.cumsum"(%x) {axis = 1 : i64, exclusive = false, reverse = false} : (tensor<2x3x4xf32>) -> tensor<2x3x4xf32>
  func.return %0 : tensor<2x3x4xf32>
}
// eval: @cumsum([[[-1.25, 0.75, 0, 1.25], [0.5, -0.25, 1, 0.25], [-0.5, 0.75, 0, -0.75]], [[0.5, -0.25, 1.75, 0.25], [-0.5, 1.5, 0, -0.75], [1.25, -0.25, -1, 1]]]) = [[[-1.25, 0.75, 0, 1.25], [-0.75, 0.5, 1, 1.5], [-1.25, 1.25, 1, 0.75]], [[0.5, -0.25, 1.75, 0.25], [0, 1.25, 1.75, -0.5], [1.25, 1, 0.75, 0.5]]]

func.func @cumprod(%x: tensor<2x3x4xf32>) -> tensor<2x3x4xf32> {
  %0 = "ms.cumprod"(%x) {axis = 1 : i64, exclusive = false, reverse = false} : (tensor<2x3x4xf32>) -> tensor<2x3x4xf32>
  func.return %0 : tensor<2x3x4xf32>
}
// eval: @cumprod([[[-1.25, 0.75, 0, 1.25], [0.5, -0.25, 1, 0.25], [-0.5, 0.75, 0, -0.75]], [[0.5, -0.25, 1.75, 0.25], [-0.5, 1.5, 0, -0.75], [1.25, -0.25, -1, 1]]]) = [[[-1.25, 0.75, 0, 1.25], [-0.625, -0.1875, 0, 0.3125], [0.3125, -0.140625, 0, -0.234375]], [[0.5, -0.25, 1.75, 0.25], [-0.25, -0.375, 0, -0.1875], [-0.3125, 0.09375, -0, -0.1875]]]

func.func @cumsum_reverse(%x: tensor<2x3x4xf32>) -> tensor<2x3x4xf32> {
  %0 = "ms.cumsum"(%x) {axis = 1 : i64, exclusive = false, reverse = true} : (tensor<2x3x4xf32>) -> tensor<2x3x4xf32>
  func.return %0 : tensor<2x3x4xf32>
}
// eval: @cumsum_reverse([[[-1.25, 0.75, 0, 1.25], [0.5, -0.25, 1, 0.25], [-0.5, 0.75, 0, -0.75]], [[0.5, -0.25, 1.75, 0.25], [-0.5, 1.5, 0, -0.75], [1.25, -0.25, -1, 1]]]) = [[[-1.25, 1.25, 1, 0.75], [0, 0.5, 1, -0.5], [-0.5, 0.75, 0, -0.75]], [[1.25, 1, 0.75, 0.5], [0.75, 1.25, -1, 0.25], [1.25, -0.25, -1, 1]]]

func.func @cumprod_reverse(%x: tensor<2x3x4xf32>) -> tensor<2x3x4xf32> {
  %0 = "ms.cumprod"(%x) {axis = 1 : i64, exclusive = false, reverse = true} : (tensor<2x3x4xf32>) -> tensor<2x3x4xf32>
  func.return %0 : tensor<2x3x4xf32>
}
// eval: @cumprod_reverse([[[-1.25, 0.75, 0, 1.25], [0.5, -0.25, 1, 0.25], [-0.5, 0.75, 0, -0.75]], [[0.5, -0.25, 1.75, 0.25], [-0.5, 1.5, 0, -0.75], [1.25, -0.25, -1, 1]]]) = [[[0.3125, -0.140625, 0, -0.234375], [-0.25, -0.1875, 0, -0.1875], [-0.5, 0.75, 0, -0.75]], [[-0.3125, 0.09375, -0, -0.1875], [-0.625, -0.375, -0, -0.75], [1.25, -0.25, -1, 1]]]

func.func @cumsum_exclusive(%x: tensor<2x3x4xf32>) -> tensor<2x3x4xf32> {
  %0 = "ms.cumsum"(%x) {axis = 1 : i64, exclusive = true, reverse = false} : (tensor<2x3x4xf32>) -> tensor<2x3x4xf32>
  func.return %0 : tensor<2x3x4xf32>
}
// eval: @cumsum_exclusive([[[-1.25, 0.75, 0, 1.25], [0.5, -0.25, 1, 0.25], [-0.5, 0.75, 0, -0.75]], [[0.5, -0.25, 1.75, 0.25], [-0.5, 1.5, 0, -0.75], [1.25, -0.25, -1, 1]]]) = [[[0, 0, 0, 0], [-1.25, 0.75, 0, 1.25], [-0.75, 0.5, 1, 1.5]], [[0, 0, 0, 0], [0.5, -0.25, 1.75, 0.25], [0, 1.25, 1.75, -0.5]]]

func.func @cumprod_exclusive(%x: tensor<2x3x4xf32>) -> tensor<2x3x4xf32> {
  %0 = "ms.cumprod"(%x) {axis = 1 : i64, exclusive = true, reverse = false} : (tensor<2x3x4xf32>) -> tensor<2x3x4xf32>
  func.return %0 : tensor<2x3x4xf32>
}
// eval: @cumprod_exclusive([[[-1.25, 0.75, 0, 1.25], [0.5, -0.25, 1, 0.25], [-0.5, 0.75, 0, -0.75]], [[0.5, -0.25, 1.75, 0.25], [-0.5, 1.5, 0, -0.75], [1.25, -0.25, -1, 1]]]) = [[[1, 1, 1, 1], [-1.25, 0.75, 0, 1.25], [-0.625, -0.1875, 0, 0.3125]], [[1, 1, 1, 1], [0.5, -0.25, 1.75, 0.25], [-0.25, -0.375, 0, -0.1875]]]

func.func @cumsum_exclusive_reverse(%x: tensor<2x3x4xf32>) -> tensor<2x3x4xf32> {
  %0 = "ms.cumsum"(%x) {axis = 1 : i64, exclusive = true, reverse = true} : (tensor<2x3x4xf32>) -> tensor<2x3x4xf32>
  func.return %0 : tensor<2x3x4xf32>
}
// eval: @cumsum_exclusive_reverse([[[-1.25, 0.75, 0, 1.25], [0.5, -0.25, 1, 0.25], [-0.5, 0.75, 0, -0.75]], [[0.5, -0.25, 1.75, 0.25], [-0.5, 1.5, 0, -0.75], [1.25, -0.25, -1, 1]]]) = [[[0, 0.5, 1, -0.5], [-0.5, 0.75, 0, -0.75], [0, 0, 0, 0]], [[0.75, 1.25, -1, 0.25], [1.25, -0.25, -1, 1], [0, 0, 0, 0]]]

func.func @cumprod_exclusive_reverse(%x: tensor<2x3x4xf32>) -> tensor<2x3x4xf32> {
  %0 = "ms.cumprod"(%x) {axis = 1 : i64, exclusive = true, reverse = true} : (tensor<2x3x4xf32>) -> tensor<2x3x4xf32>
  func.return %0 : tensor<2x3x4xf32>
}
// eval: @cumprod_exclusive_reverse([[[-1.25, 0.75, 0, 1.25], [0.5, -0.25, 1, 0.25], [-0.5, 0.75, 0, -0.75]], [[0.5, -0.25, 1.75, 0.25], [-0.5, 1.5, 0, -0.75], [1.25, -0.25, -1, 1]]]) = [[[-0.25, -0.1875, 0, -0.1875], [-0.5, 0.75, 0, -0.75], [1, 1, 1, 1]], [[-0.625, -0.375, -0, -0.75], [1.25, -0.25, -1, 1], [1, 1, 1, 1]]]

func.func @cumsum_i32(%x: tensor<3xi32>) -> tensor<3xi32> {
  %0 = "ms.cumsum"(%x) {axis = 0 : i64, exclusive = false, reverse = false} : (tensor<3xi32>) -> tensor<3xi32>
  func.return %0 : tensor<3xi32>
}
// eval: @cumsum_i32([2147483647, 1, 5]) = [2147483647, -2147483648, -2147483643]

func.func @softmax_0(%x: tensor<2x3x4xf32>) -> tensor<2x3x4xf32> {
  %0 = "ms.softmax"(%x) {axis = 0 : i64} : (tensor<2x3x4xf32>) -> tensor<2x3x4xf32>
  func.return %0 : tensor<2x3x4xf32>
}
// eval: @softmax_0([[[-1.25, 0.75, 0, 1.25], [0.5, -0.25, 1, 0.25], [-0.5, 0.75, 0, -0.75]], [[0.5, -0.25, 1.75, 0.25], [-0.5, 1.5, 0, -0.75], [1.25, -0.25, -1, 1]]]) = [[[0.148047194, 0.731058598, 0.148047194, 0.731058598], [0.731058598, 0.148047194, 0.731058598, 0.731058598], [0.148047194, 0.731058598, 0.731058598, 0.148047194]], [[0.851952791, 0.268941432, 0.851952791, 0.268941432], [0.268941432, 0.851952791, 0.268941432, 0.268941432], [0.851952791, 0.268941432, 0.268941432, 0.851952791]]]

func.func @log_softmax_0(%x: tensor<2x3x4xf32>) -> tensor<2x3x4xf32> {
  %0 = "ms.log_softmax"(%x) {axis = 0 : i64} : (tensor<2x3x4xf32>) -> tensor<2x3x4xf32>
  func.return %0 : tensor<2x3x4xf32>
}
// eval: @log_softmax_0([[[-1.25, 0.75, 0, 1.25], [0.5, -0.25, 1, 0.25], [-0.5, 0.75, 0, -0.75]], [[0.5, -0.25, 1.75, 0.25], [-0.5, 1.5, 0, -0.75], [1.25, -0.25, -1, 1]]]) = [[[-1.9102242, -0.313261688, -1.9102242, -0.313261688], [-0.313261688, -1.9102242, -0.313261688, -0.313261688], [-1.9102242, -0.313261688, -0.313261688, -1.9102242]], [[-0.160224155, -1.31326163, -0.160224155, -1.31326163], [-1.31326163, -0.160224155, -1.31326163, -1.31326163], [-0.160224155, -1.31326163, -1.31326163, -0.160224155]]]

func.func @softmax_2(%x: tensor<2x3x4xf32>) -> tensor<2x3x4xf32> {
  %0 = "ms.softmax"(%x) {axis = 2 : i64} : (tensor<2x3x4xf32>) -> tensor<2x3x4xf32>
  func.return %0 : tensor<2x3x4xf32>
}
// eval: @softmax_2([[[-1.25, 0.75, 0, 1.25], [0.5, -0.25, 1, 0.25], [-0.5, 0.75, 0, -0.75]], [[0.5, -0.25, 1.75, 0.25], [-0.5, 1.5, 0, -0.75], [1.25, -0.25, -1, 1]]]) = [[[0.0415594913, 0.307085395, 0.145056874, 0.506298244], [0.256417572, 0.12112309, 0.422761112, 0.19969821], [0.144553274, 0.504540503, 0.238328055, 0.112578198]], [[0.174170196, 0.0822721794, 0.607913733, 0.135643885], [0.0924506783, 0.683123231, 0.152425408, 0.07200066], [0.474534094, 0.105882868, 0.050015524, 0.369567513]]]

func.func @log_softmax_2(%x: tensor<2x3x4xf32>) -> tensor<2x3x4xf32> {
  %0 = "ms.log_softmax"(%x) {axis = 2 : i64} : (tensor<2x3x4xf32>) -> tensor<2x3x4xf32>
  func.return %0 : tensor<2x3x4xf32>
}
// eval: @log_softmax_2([[[-1.25, 0.75, 0, 1.25], [0.5, -0.25, 1, 0.25], [-0.5, 0.75, 0, -0.75]], [[0.5, -0.25, 1.75, 0.25], [-0.5, 1.5, 0, -0.75], [1.25, -0.25, -1, 1]]]) = [[[-3.18062949, -1.18062937, -1.93062937, -0.680629373], [-1.36094797, -2.11094809, -0.860947967, -1.61094797], [-1.93410718, -0.684107184, -1.43410718, -2.1841073]], [[-1.74772227, -2.49772239, -0.497722298, -1.99772227], [-2.38107991, -0.381079972, -1.88107991, -2.63107991], [-0.745421827, -2.24542189, -2.99542189, -0.995421827]]]

func.func @softmax_large(%x: tensor<2x3x4xf32>) -> tensor<2x3x4xf32> {
  %0 = "ms.softmax"(%x) {axis = 1 : i64} : (tensor<2x3x4xf32>) -> tensor<2x3x4xf32>
  func.return %0 : tensor<2x3x4xf32>
}
// eval: @softmax_large([[[-125, 75, 0, 125], [50, -25, 100, 25], [-50, 75, 0, -75]], [[50, -25, 175, 25], [-50, 150, 0, -75], [125, -25, -100, 100]]]) = [[[0, 0.5, 3.78350585e-44, 1], [1, 1.821688e-44, 1, 3.78350585e-44], [3.78350585e-44, 0.5, 3.78350585e-44, 0]], [[2.678637e-33, 0, 1, 2.678637e-33], [0, 1, 0, 0], [1, 0, 0, 1]]]
