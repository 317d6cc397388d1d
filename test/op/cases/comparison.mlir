// Recorded by record/: mindspore 2.7.0 (CPU), numpy 1.26.4.

func.func @equal(%lhs: tensor<5xf32>, %rhs: tensor<5xf32>) -> tensor<5xi1> {
  %0 = "ms.equal"(%lhs, %rhs) : (tensor<5xf32>, tensor<5xf32>) -> tensor<5xi1>
  func.return %0 : tensor<5xi1>
}
// eval: @equal([1, 2, 3, nan, -0], [2, 2, 2, nan, 0]) = [false, true, false, false, true]

func.func @not_equal(%lhs: tensor<5xf32>, %rhs: tensor<5xf32>) -> tensor<5xi1> {
  %0 = "ms.not_equal"(%lhs, %rhs) : (tensor<5xf32>, tensor<5xf32>) -> tensor<5xi1>
  func.return %0 : tensor<5xi1>
}
// eval: @not_equal([1, 2, 3, nan, -0], [2, 2, 2, nan, 0]) = [true, false, true, true, false]

func.func @less(%lhs: tensor<5xf32>, %rhs: tensor<5xf32>) -> tensor<5xi1> {
  %0 = "ms.less"(%lhs, %rhs) : (tensor<5xf32>, tensor<5xf32>) -> tensor<5xi1>
  func.return %0 : tensor<5xi1>
}
// eval: @less([1, 2, 3, nan, -0], [2, 2, 2, nan, 0]) = [true, false, false, false, false]

func.func @less_equal(%lhs: tensor<5xf32>, %rhs: tensor<5xf32>) -> tensor<5xi1> {
  %0 = "ms.less_equal"(%lhs, %rhs) : (tensor<5xf32>, tensor<5xf32>) -> tensor<5xi1>
  func.return %0 : tensor<5xi1>
}
// eval: @less_equal([1, 2, 3, nan, -0], [2, 2, 2, nan, 0]) = [true, true, false, false, true]

func.func @greater(%lhs: tensor<5xf32>, %rhs: tensor<5xf32>) -> tensor<5xi1> {
  %0 = "ms.greater"(%lhs, %rhs) : (tensor<5xf32>, tensor<5xf32>) -> tensor<5xi1>
  func.return %0 : tensor<5xi1>
}
// eval: @greater([1, 2, 3, nan, -0], [2, 2, 2, nan, 0]) = [false, false, true, false, false]

func.func @greater_equal(%lhs: tensor<5xf32>, %rhs: tensor<5xf32>) -> tensor<5xi1> {
  %0 = "ms.greater_equal"(%lhs, %rhs) : (tensor<5xf32>, tensor<5xf32>) -> tensor<5xi1>
  func.return %0 : tensor<5xi1>
}
// eval: @greater_equal([1, 2, 3, nan, -0], [2, 2, 2, nan, 0]) = [false, true, true, false, true]

func.func @equal_i64(%lhs: tensor<2xi64>, %rhs: tensor<2xi64>) -> tensor<2xi1> {
  %0 = "ms.equal"(%lhs, %rhs) : (tensor<2xi64>, tensor<2xi64>) -> tensor<2xi1>
  func.return %0 : tensor<2xi1>
}
// eval: @equal_i64([9007199254740992, 9007199254740993], [9007199254740993, 9007199254740992]) = [false, false]

func.func @less_row(%lhs: tensor<2x3xf32>, %rhs: tensor<3xf32>) -> tensor<2x3xi1> {
  %0 = "ms.less"(%lhs, %rhs) : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xi1>
  func.return %0 : tensor<2x3xi1>
}
// eval: @less_row([[-1.25, 0.75, 0], [1.25, 0.5, -0.25]], [-1.25, 0.75, 0]) = [[false, false, false], [false, true, true]]

func.func @select(%condition: tensor<2x1xi1>, %on_true: tensor<3xf32>, %on_false: tensor<f32>) -> tensor<2x3xf32> {
  %0 = "ms.select"(%condition, %on_true, %on_false) : (tensor<2x1xi1>, tensor<3xf32>, tensor<f32>) -> tensor<2x3xf32>
  func.return %0 : tensor<2x3xf32>
}
// eval: @select([[true], [false]], [-1.25, 0.75, 0], 9) = [[-1.25, 0.75, 0], [9, 9, 9]]

func.func @cast_f32_i32(%x: tensor<8xf32>) -> tensor<8xi32> {
  %0 = "ms.cast"(%x) : (tensor<8xf32>) -> tensor<8xi32>
  func.return %0 : tensor<8xi32>
}
// eval: @cast_f32_i32([-2.75, -0.5, 0, 1.5, 300, nan, 1.00000002e+20, -1.00000002e+20]) = [-2, 0, 0, 1, 300, 0, 2147483647, -2147483648]

func.func @cast_f32_ui8(%x: tensor<8xf32>) -> tensor<8xui8> {
  %0 = "ms.cast"(%x) : (tensor<8xf32>) -> tensor<8xui8>
  func.return %0 : tensor<8xui8>
}
// eval: @cast_f32_ui8([-2.75, -0.5, 0, 1.5, 300, nan, 1.00000002e+20, -1.00000002e+20]) = [0, 0, 0, 1, 255, 0, 255, 0]

func.func @cast_f32_i1(%x: tensor<8xf32>) -> tensor<8xi1> {
  %0 = "ms.cast"(%x) : (tensor<8xf32>) -> tensor<8xi1>
  func.return %0 : tensor<8xi1>
}
// eval: @cast_f32_i1([-2.75, -0.5, 0, 1.5, 300, nan, 1.00000002e+20, -1.00000002e+20]) = [true, true, false, true, true, true, true, true]

func.func @cast_f32_f16(%x: tensor<4xf32>) -> tensor<4xf16> {
  %0 = "ms.cast"(%x) : (tensor<4xf32>) -> tensor<4xf16>
  func.return %0 : tensor<4xf16>
}
// eval: @cast_f32_f16([0.100000001, 70000, 9.99999994e-09, 2049]) = [0.0999755859, inf, 0, 2048]

func.func @cast_i1_f32(%x: tensor<2xi1>) -> tensor<2xf32> {
  %0 = "ms.cast"(%x) : (tensor<2xi1>) -> tensor<2xf32>
  func.return %0 : tensor<2xf32>
}
// eval: @cast_i1_f32([true, false]) = [1, 0]

func.func @cast_i64_i32(%x: tensor<2xi64>) -> tensor<2xi32> {
  %0 = "ms.cast"(%x) : (tensor<2xi64>) -> tensor<2xi32>
  func.return %0 : tensor<2xi32>
}
// eval: @cast_i64_i32([4294967301, -1]) = [5, -1]

func.func @cast_i32_f32(%x: tensor<2xi32>) -> tensor<2xf32> {
  %0 = "ms.cast"(%x) : (tensor<2xi32>) -> tensor<2xf32>
  func.return %0 : tensor<2xf32>
}
// eval: @cast_i32_f32([16777217, -7]) = [16777216, -7]
