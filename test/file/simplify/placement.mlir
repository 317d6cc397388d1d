// msc opt --pass-pipeline='canonicalize'
"builtin.module"() ({
  "func.func"() ({
  ^bb0(%x: tensor<2x3xf32>):
    %0 = "ms.constant"() {value = dense<1.0> : tensor<f32>} : () -> tensor<f32>
    %1 = "ms.mul"(%x, %0) {dist.stage = 1 : i64} : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
    %2 = "ms.mul"(%1, %0) {dist.in_strategy = [array<i64: 2, 1>, array<i64>]} : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
    %3 = "ms.reshape"(%2) {dist.stage = 1 : i64} : (tensor<2x3xf32>) -> tensor<6xf32>
    %4 = "ms.reshape"(%3) {dist.stage = 2 : i64} : (tensor<6xf32>) -> tensor<3x2xf32>
    "func.return"(%4) : (tensor<3x2xf32>) -> ()
  }) {function_type = (tensor<2x3xf32>) -> tensor<3x2xf32>, sym_name = "main"} : () -> ()
  // A rule at the sum may not take in the product that the user divided.
  "func.func"() ({
  ^bb0(%x: tensor<4x8xf32>, %w: tensor<6x8xf32>, %b: tensor<6xf32>):
    %0 = "ms.matmul"(%x, %w) {dist.in_strategy = [array<i64: 2, 2>, array<i64: 1, 2>], transpose_a = false, transpose_b = true} : (tensor<4x8xf32>, tensor<6x8xf32>) -> tensor<4x6xf32>
    %1 = "ms.add"(%0, %b) : (tensor<4x6xf32>, tensor<6xf32>) -> tensor<4x6xf32>
    "func.return"(%1) : (tensor<4x6xf32>) -> ()
  }) {function_type = (tensor<4x8xf32>, tensor<6x8xf32>, tensor<6xf32>) -> tensor<4x6xf32>, sym_name = "bias"} : () -> ()
  "func.func"() ({
  ^bb0(%x: tensor<4x8xf32>, %w: tensor<6x8xf32>, %b: tensor<6xf32>):
    %0 = "ms.matmul"(%x, %w) {transpose_a = false, transpose_b = true} : (tensor<4x8xf32>, tensor<6x8xf32>) -> tensor<4x6xf32>
    %1 = "ms.add"(%0, %b) : (tensor<4x6xf32>, tensor<6xf32>) -> tensor<4x6xf32>
    "func.return"(%1) : (tensor<4x6xf32>) -> ()
  }) {function_type = (tensor<4x8xf32>, tensor<6x8xf32>, tensor<6xf32>) -> tensor<4x6xf32>, sym_name = "free"} : () -> ()
}) {ms.stage = "graph"} : () -> ()
// ---- output ----
module attributes {ms.stage = "graph"} {
  func.func @main(%x: tensor<2x3xf32>) -> tensor<3x2xf32> {
    %0 = ms.constant {value = dense<1.000000e+00> : tensor<f32>} : tensor<f32>
    %1 = ms.mul %x, %0 {dist.in_strategy = [array<i64: 2, 1>, array<i64>]} : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
    %2 = ms.reshape %1 {dist.stage = 2} : (tensor<2x3xf32>) -> tensor<3x2xf32>
    return %2 : tensor<3x2xf32>
  }
  func.func @bias(%x: tensor<4x8xf32>, %w: tensor<6x8xf32>, %b: tensor<6xf32>) -> tensor<4x6xf32> {
    %0 = ms.matmul %x, %w {dist.in_strategy = [array<i64: 2, 2>, array<i64: 1, 2>], transpose_a = false, transpose_b = true} : (tensor<4x8xf32>, tensor<6x8xf32>) -> tensor<4x6xf32>
    %1 = ms.add %0, %b : (tensor<4x6xf32>, tensor<6xf32>) -> tensor<4x6xf32>
    return %1 : tensor<4x6xf32>
  }
  func.func @free(%x: tensor<4x8xf32>, %w: tensor<6x8xf32>, %b: tensor<6xf32>) -> tensor<4x6xf32> {
    %0 = ms.dense %x, %w, %b : (tensor<4x8xf32>, tensor<6x8xf32>, tensor<6xf32>) -> tensor<4x6xf32>
    return %0 : tensor<4x6xf32>
  }
}
