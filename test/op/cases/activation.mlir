// Recorded by record/: mindspore 2.7.0 (CPU), numpy 1.26.4.

func.func @relu(%x: tensor<11xf32>) -> tensor<11xf32> {
  %0 = "ms.relu"(%x) : (tensor<11xf32>) -> tensor<11xf32>
  func.return %0 : tensor<11xf32>
}
// eval: @relu([-100, -7, -2.5, -1, -0.5, 0, 0.25, 1, 3, 6.5, 100]) = [0, 0, 0, 0, 0, 0, 0.25, 1, 3, 6.5, 100]

func.func @relu_i32(%x: tensor<2xi32>) -> tensor<2xi32> {
  %0 = "ms.relu"(%x) : (tensor<2xi32>) -> tensor<2xi32>
  func.return %0 : tensor<2xi32>
}
// eval: @relu_i32([-3, 4]) = [0, 4]

func.func @relu6(%x: tensor<11xf32>) -> tensor<11xf32> {
  %0 = "ms.relu6"(%x) : (tensor<11xf32>) -> tensor<11xf32>
  func.return %0 : tensor<11xf32>
}
// eval: @relu6([-100, -7, -2.5, -1, -0.5, 0, 0.25, 1, 3, 6.5, 100]) = [0, 0, 0, 0, 0, 0, 0.25, 1, 3, 6, 6]

func.func @leaky_relu(%x: tensor<11xf32>) -> tensor<11xf32> {
  %0 = "ms.leaky_relu"(%x) {alpha = 1.250000e-01 : f32} : (tensor<11xf32>) -> tensor<11xf32>
  func.return %0 : tensor<11xf32>
}
// eval: @leaky_relu([-100, -7, -2.5, -1, -0.5, 0, 0.25, 1, 3, 6.5, 100]) = [-12.5, -0.875, -0.3125, -0.125, -0.0625, 0, 0.25, 1, 3, 6.5, 100]

func.func @elu(%x: tensor<11xf32>) -> tensor<11xf32> {
  %0 = "ms.elu"(%x) {alpha = 1.000000e+00 : f32} : (tensor<11xf32>) -> tensor<11xf32>
  func.return %0 : tensor<11xf32>
}
// eval: @elu([-100, -7, -2.5, -1, -0.5, 0, 0.25, 1, 3, 6.5, 100]) = [-1, -0.999088109, -0.917915106, -0.632121205, -0.393469512, 0, 0.25, 1, 3, 6.5, 100]

func.func @sigmoid(%x: tensor<11xf32>) -> tensor<11xf32> {
  %0 = "ms.sigmoid"(%x) : (tensor<11xf32>) -> tensor<11xf32>
  func.return %0 : tensor<11xf32>
}
// eval: @sigmoid([-100, -7, -2.5, -1, -0.5, 0, 0.25, 1, 3, 6.5, 100]) = [3.78350585e-44, 0.000911051175, 0.0758581832, 0.268941432, 0.377540678, 0.5, 0.562176526, 0.731058598, 0.952574134, 0.998498797, 1]

func.func @log_sigmoid(%x: tensor<11xf32>) -> tensor<11xf32> {
  %0 = "ms.log_sigmoid"(%x) : (tensor<11xf32>) -> tensor<11xf32>
  func.return %0 : tensor<11xf32>
}
// eval: @log_sigmoid([-100, -7, -2.5, -1, -0.5, 0, 0.25, 1, 3, 6.5, 100]) = [-100, -7.00091124, -2.57888985, -1.31326163, -0.974076986, -0.693147182, -0.575939417, -0.313261688, -0.048587352, -0.00150231016, -3.78350585e-44]

func.func @softplus(%x: tensor<11xf32>) -> tensor<11xf32> {
  %0 = "ms.softplus"(%x) : (tensor<11xf32>) -> tensor<11xf32>
  func.return %0 : tensor<11xf32>
}
// eval: @softplus([-100, -7, -2.5, -1, -0.5, 0, 0.25, 1, 3, 6.5, 100]) = [3.78350585e-44, 0.000911466428, 0.078889735, 0.313261688, 0.474076986, 0.693147182, 0.825939417, 1.31326163, 3.04858732, 6.50150251, 100]

func.func @silu(%x: tensor<11xf32>) -> tensor<11xf32> {
  %0 = "ms.silu"(%x) : (tensor<11xf32>) -> tensor<11xf32>
  func.return %0 : tensor<11xf32>
}
// eval: @silu([-100, -7, -2.5, -1, -0.5, 0, 0.25, 1, 3, 6.5, 100]) = [-3.72044742e-42, -0.00637735846, -0.189645454, -0.268941432, -0.188770339, 0, 0.140544131, 0.731058598, 2.85772228, 6.49024248, 100]

func.func @gelu(%x: tensor<11xf32>) -> tensor<11xf32> {
  %0 = "ms.gelu"(%x) {approximate = "none"} : (tensor<11xf32>) -> tensor<11xf32>
  func.return %0 : tensor<11xf32>
}
// eval: @gelu([-100, -7, -2.5, -1, -0.5, 0, 0.25, 1, 3, 6.5, 100]) = [-0, -8.95868796e-12, -0.0155241629, -0.158655256, -0.154268771, 0, 0.149676576, 0.841344774, 2.99595022, 6.5, 100] within 1e-06

func.func @gelu_tanh(%x: tensor<11xf32>) -> tensor<11xf32> {
  %0 = "ms.gelu"(%x) {approximate = "tanh"} : (tensor<11xf32>) -> tensor<11xf32>
  func.return %0 : tensor<11xf32>
}
// eval: @gelu_tanh([-100, -7, -2.5, -1, -0.5, 0, 0.25, 1, 3, 6.5, 100]) = [-0, -2.33146835e-15, -0.0150842657, -0.158808008, -0.154285997, 0, 0.149675354, 0.841192007, 2.99636269, 6.5, 100]

func.func @hardsigmoid(%x: tensor<11xf32>) -> tensor<11xf32> {
  %0 = "ms.hardsigmoid"(%x) : (tensor<11xf32>) -> tensor<11xf32>
  func.return %0 : tensor<11xf32>
}
// eval: @hardsigmoid([-100, -7, -2.5, -1, -0.5, 0, 0.25, 1, 3, 6.5, 100]) = [0, 0, 0.0833333358, 0.333333343, 0.416666657, 0.5, 0.541666687, 0.666666687, 1, 1, 1]

func.func @hardswish(%x: tensor<11xf32>) -> tensor<11xf32> {
  %0 = "ms.hardswish"(%x) : (tensor<11xf32>) -> tensor<11xf32>
  func.return %0 : tensor<11xf32>
}
// eval: @hardswish([-100, -7, -2.5, -1, -0.5, 0, 0.25, 1, 3, 6.5, 100]) = [0, 0, -0.208333328, -0.333333343, -0.208333328, 0, 0.135416672, 0.666666687, 3, 6.5, 100]

func.func @mish(%x: tensor<11xf32>) -> tensor<11xf32> {
  %0 = "ms.mish"(%x) : (tensor<11xf32>) -> tensor<11xf32>
  func.return %0 : tensor<11xf32>
}
// eval: @mish([-100, -7, -2.5, -1, -0.5, 0, 0.25, 1, 3, 6.5, 100]) = [-3.72044742e-42, -0.00638026325, -0.196816206, -0.30340147, -0.220743775, 0, 0.169572413, 0.865098417, 2.98653507, 6.49997091, 100]
