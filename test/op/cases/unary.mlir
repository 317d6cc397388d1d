// Recorded by record/: mindspore 2.7.0 (CPU), numpy 1.26.4.

func.func @neg(%x: tensor<12xf32>) -> tensor<12xf32> {
  %0 = "ms.neg"(%x) : (tensor<12xf32>) -> tensor<12xf32>
  func.return %0 : tensor<12xf32>
}
// eval: @neg([-2.5, -1, -0.5, -0, 0, 0.25, 1, 1.5, 3, inf, -inf, nan]) = [2.5, 1, 0.5, 0, -0, -0.25, -1, -1.5, -3, -inf, inf, nan]

func.func @abs(%x: tensor<12xf32>) -> tensor<12xf32> {
  %0 = "ms.abs"(%x) : (tensor<12xf32>) -> tensor<12xf32>
  func.return %0 : tensor<12xf32>
}
// eval: @abs([-2.5, -1, -0.5, -0, 0, 0.25, 1, 1.5, 3, inf, -inf, nan]) = [2.5, 1, 0.5, 0, 0, 0.25, 1, 1.5, 3, inf, inf, nan]

func.func @sign(%x: tensor<12xf32>) -> tensor<12xf32> {
  %0 = "ms.sign"(%x) : (tensor<12xf32>) -> tensor<12xf32>
  func.return %0 : tensor<12xf32>
}
// eval: @sign([-2.5, -1, -0.5, -0, 0, 0.25, 1, 1.5, 3, inf, -inf, nan]) = [-1, -1, -1, 0, 0, 1, 1, 1, 1, 1, -1, nan]

func.func @square(%x: tensor<12xf32>) -> tensor<12xf32> {
  %0 = "ms.square"(%x) : (tensor<12xf32>) -> tensor<12xf32>
  func.return %0 : tensor<12xf32>
}
// eval: @square([-2.5, -1, -0.5, -0, 0, 0.25, 1, 1.5, 3, inf, -inf, nan]) = [6.25, 1, 0.25, 0, 0, 0.0625, 1, 2.25, 9, inf, inf, nan]

func.func @sqrt(%x: tensor<12xf32>) -> tensor<12xf32> {
  %0 = "ms.sqrt"(%x) : (tensor<12xf32>) -> tensor<12xf32>
  func.return %0 : tensor<12xf32>
}
// eval: @sqrt([-2.5, -1, -0.5, -0, 0, 0.25, 1, 1.5, 3, inf, -inf, nan]) = [nan, nan, nan, -0, 0, 0.5, 1, 1.22474492, 1.73205078, inf, nan, nan]

func.func @rsqrt(%x: tensor<5xf32>) -> tensor<5xf32> {
  %0 = "ms.rsqrt"(%x) : (tensor<5xf32>) -> tensor<5xf32>
  func.return %0 : tensor<5xf32>
}
// eval: @rsqrt([0.125, 0.5, 1, 2, 10]) = [2.82842708, 1.41421354, 1, 0.707106769, 0.316227764]

func.func @reciprocal(%x: tensor<12xf32>) -> tensor<12xf32> {
  %0 = "ms.reciprocal"(%x) : (tensor<12xf32>) -> tensor<12xf32>
  func.return %0 : tensor<12xf32>
}
// eval: @reciprocal([-2.5, -1, -0.5, -0, 0, 0.25, 1, 1.5, 3, inf, -inf, nan]) = [-0.400000006, -1, -2, -inf, inf, 4, 1, 0.666666687, 0.333333343, 0, -0, nan]

func.func @exp(%x: tensor<12xf32>) -> tensor<12xf32> {
  %0 = "ms.exp"(%x) : (tensor<12xf32>) -> tensor<12xf32>
  func.return %0 : tensor<12xf32>
}
// eval: @exp([-2.5, -1, -0.5, -0, 0, 0.25, 1, 1.5, 3, inf, -inf, nan]) = [0.0820849985, 0.36787945, 0.606530666, 1, 1, 1.28402543, 2.71828175, 4.48168898, 20.085537, inf, 0, nan]

func.func @expm1(%x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = "ms.expm1"(%x) : (tensor<4xf32>) -> tensor<4xf32>
  func.return %0 : tensor<4xf32>
}
// eval: @expm1([9.99999997e-07, -9.99999997e-07, 1, -3]) = [1.00000045e-06, -9.99999543e-07, 1.71828187, -0.950212955]

func.func @log(%x: tensor<12xf32>) -> tensor<12xf32> {
  %0 = "ms.log"(%x) : (tensor<12xf32>) -> tensor<12xf32>
  func.return %0 : tensor<12xf32>
}
// eval: @log([-2.5, -1, -0.5, -0, 0, 0.25, 1, 1.5, 3, inf, -inf, nan]) = [nan, nan, nan, -inf, -inf, -1.38629436, 0, 0.405465096, 1.09861231, inf, nan, nan]

func.func @log1p(%x: tensor<5xf32>) -> tensor<5xf32> {
  %0 = "ms.log1p"(%x) : (tensor<5xf32>) -> tensor<5xf32>
  func.return %0 : tensor<5xf32>
}
// eval: @log1p([9.99999997e-07, -9.99999997e-07, 1, -0.5, -1]) = [9.99999543e-07, -1.00000045e-06, 0.693147182, -0.693147182, -inf]

func.func @sin(%x: tensor<9xf32>) -> tensor<9xf32> {
  %0 = "ms.sin"(%x) : (tensor<9xf32>) -> tensor<9xf32>
  func.return %0 : tensor<9xf32>
}
// eval: @sin([-2.5, -1, -0.5, -0, 0, 0.25, 1, 1.5, 3]) = [-0.598472118, -0.841470957, -0.47942555, -0, 0, 0.247403964, 0.841470957, 0.997494996, 0.141120002]

func.func @cos(%x: tensor<9xf32>) -> tensor<9xf32> {
  %0 = "ms.cos"(%x) : (tensor<9xf32>) -> tensor<9xf32>
  func.return %0 : tensor<9xf32>
}
// eval: @cos([-2.5, -1, -0.5, -0, 0, 0.25, 1, 1.5, 3]) = [-0.801143587, 0.540302277, 0.87758255, 1, 1, 0.968912423, 0.540302277, 0.070737198, -0.989992499]

func.func @tan(%x: tensor<9xf32>) -> tensor<9xf32> {
  %0 = "ms.tan"(%x) : (tensor<9xf32>) -> tensor<9xf32>
  func.return %0 : tensor<9xf32>
}
// eval: @tan([-2.5, -1, -0.5, -0, 0, 0.25, 1, 1.5, 3]) = [0.747022271, -1.55740774, -0.546302497, -0, 0, 0.255341917, 1.55740774, 14.1014204, -0.142546549]

func.func @asin(%x: tensor<5xf32>) -> tensor<5xf32> {
  %0 = "ms.asin"(%x) : (tensor<5xf32>) -> tensor<5xf32>
  func.return %0 : tensor<5xf32>
}
// eval: @asin([-0.899999976, -0.5, 0, 0.25, 0.75]) = [-1.11976945, -0.52359879, 0, 0.252680242, 0.848062098]

func.func @acos(%x: tensor<5xf32>) -> tensor<5xf32> {
  %0 = "ms.acos"(%x) : (tensor<5xf32>) -> tensor<5xf32>
  func.return %0 : tensor<5xf32>
}
// eval: @acos([-0.899999976, -0.5, 0, 0.25, 0.75]) = [2.69056582, 2.09439516, 1.57079637, 1.31811607, 0.722734272]

func.func @atan(%x: tensor<12xf32>) -> tensor<12xf32> {
  %0 = "ms.atan"(%x) : (tensor<12xf32>) -> tensor<12xf32>
  func.return %0 : tensor<12xf32>
}
// eval: @atan([-2.5, -1, -0.5, -0, 0, 0.25, 1, 1.5, 3, inf, -inf, nan]) = [-1.19028997, -0.785398185, -0.463647604, -0, 0, 0.244978666, 0.785398185, 0.982793748, 1.24904573, 1.57079637, -1.57079637, nan]

func.func @sinh(%x: tensor<9xf32>) -> tensor<9xf32> {
  %0 = "ms.sinh"(%x) : (tensor<9xf32>) -> tensor<9xf32>
  func.return %0 : tensor<9xf32>
}
// eval: @sinh([-2.5, -1, -0.5, -0, 0, 0.25, 1, 1.5, 3]) = [-6.05020428, -1.17520118, -0.521095276, -0, 0, 0.252612323, 1.17520118, 2.12927938, 10.0178747]

func.func @cosh(%x: tensor<9xf32>) -> tensor<9xf32> {
  %0 = "ms.cosh"(%x) : (tensor<9xf32>) -> tensor<9xf32>
  func.return %0 : tensor<9xf32>
}
// eval: @cosh([-2.5, -1, -0.5, -0, 0, 0.25, 1, 1.5, 3]) = [6.13228941, 1.54308069, 1.12762594, 1, 1, 1.03141308, 1.54308069, 2.3524096, 10.0676622]

func.func @tanh(%x: tensor<12xf32>) -> tensor<12xf32> {
  %0 = "ms.tanh"(%x) : (tensor<12xf32>) -> tensor<12xf32>
  func.return %0 : tensor<12xf32>
}
// eval: @tanh([-2.5, -1, -0.5, -0, 0, 0.25, 1, 1.5, 3, inf, -inf, nan]) = [-0.986614287, -0.761594176, -0.462117165, -0, 0, 0.244918659, 0.761594176, 0.905148268, 0.995054781, 1, -1, nan]

func.func @asinh(%x: tensor<12xf32>) -> tensor<12xf32> {
  %0 = "ms.asinh"(%x) : (tensor<12xf32>) -> tensor<12xf32>
  func.return %0 : tensor<12xf32>
}
// eval: @asinh([-2.5, -1, -0.5, -0, 0, 0.25, 1, 1.5, 3, inf, -inf, nan]) = [-1.6472311, -0.881373584, -0.481211811, -0, 0, 0.24746646, 0.881373584, 1.19476318, 1.81844652, inf, -inf, nan]

func.func @acosh(%x: tensor<3xf32>) -> tensor<3xf32> {
  %0 = "ms.acosh"(%x) : (tensor<3xf32>) -> tensor<3xf32>
  func.return %0 : tensor<3xf32>
}
// eval: @acosh([1, 1.5, 10]) = [0, 0.962423623, 2.99322295]

func.func @atanh(%x: tensor<5xf32>) -> tensor<5xf32> {
  %0 = "ms.atanh"(%x) : (tensor<5xf32>) -> tensor<5xf32>
  func.return %0 : tensor<5xf32>
}
// eval: @atanh([-0.899999976, -0.5, 0, 0.25, 0.75]) = [-1.47221935, -0.549306154, 0, 0.255412817, 0.972955048]

func.func @erf(%x: tensor<12xf32>) -> tensor<12xf32> {
  %0 = "ms.erf"(%x) : (tensor<12xf32>) -> tensor<12xf32>
  func.return %0 : tensor<12xf32>
}
// eval: @erf([-2.5, -1, -0.5, -0, 0, 0.25, 1, 1.5, 3, inf, -inf, nan]) = [-0.999593019, -0.842700779, -0.520499885, -0, 0, 0.276326388, 0.842700779, 0.966105163, 0.999977887, 1, -1, nan]

func.func @floor(%x: tensor<12xf32>) -> tensor<12xf32> {
  %0 = "ms.floor"(%x) : (tensor<12xf32>) -> tensor<12xf32>
  func.return %0 : tensor<12xf32>
}
// eval: @floor([-2.5, -1, -0.5, -0, 0, 0.25, 1, 1.5, 3, inf, -inf, nan]) = [-3, -1, -1, -0, 0, 0, 1, 1, 3, inf, -inf, nan]

func.func @ceil(%x: tensor<12xf32>) -> tensor<12xf32> {
  %0 = "ms.ceil"(%x) : (tensor<12xf32>) -> tensor<12xf32>
  func.return %0 : tensor<12xf32>
}
// eval: @ceil([-2.5, -1, -0.5, -0, 0, 0.25, 1, 1.5, 3, inf, -inf, nan]) = [-2, -1, -0, -0, 0, 1, 1, 2, 3, inf, -inf, nan]

func.func @round(%x: tensor<7xf32>) -> tensor<7xf32> {
  %0 = "ms.round"(%x) : (tensor<7xf32>) -> tensor<7xf32>
  func.return %0 : tensor<7xf32>
}
// eval: @round([-2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 2.5999999]) = [-2, -2, -0, 0, 2, 2, 3]

func.func @trunc(%x: tensor<12xf32>) -> tensor<12xf32> {
  %0 = "ms.trunc"(%x) : (tensor<12xf32>) -> tensor<12xf32>
  func.return %0 : tensor<12xf32>
}
// eval: @trunc([-2.5, -1, -0.5, -0, 0, 0.25, 1, 1.5, 3, inf, -inf, nan]) = [-2, -1, -0, -0, 0, 0, 1, 1, 3, inf, -inf, nan]

func.func @isnan(%x: tensor<12xf32>) -> tensor<12xi1> {
  %0 = "ms.isnan"(%x) : (tensor<12xf32>) -> tensor<12xi1>
  func.return %0 : tensor<12xi1>
}
// eval: @isnan([-2.5, -1, -0.5, -0, 0, 0.25, 1, 1.5, 3, inf, -inf, nan]) = [false, false, false, false, false, false, false, false, false, false, false, true]

func.func @isinf(%x: tensor<12xf32>) -> tensor<12xi1> {
  %0 = "ms.isinf"(%x) : (tensor<12xf32>) -> tensor<12xi1>
  func.return %0 : tensor<12xi1>
}
// eval: @isinf([-2.5, -1, -0.5, -0, 0, 0.25, 1, 1.5, 3, inf, -inf, nan]) = [false, false, false, false, false, false, false, false, false, true, true, false]

func.func @isfinite(%x: tensor<12xf32>) -> tensor<12xi1> {
  %0 = "ms.isfinite"(%x) : (tensor<12xf32>) -> tensor<12xi1>
  func.return %0 : tensor<12xi1>
}
// eval: @isfinite([-2.5, -1, -0.5, -0, 0, 0.25, 1, 1.5, 3, inf, -inf, nan]) = [true, true, true, true, true, true, true, true, true, false, false, false]

func.func @neg_i32(%x: tensor<3xi32>) -> tensor<3xi32> {
  %0 = "ms.neg"(%x) : (tensor<3xi32>) -> tensor<3xi32>
  func.return %0 : tensor<3xi32>
}
// eval: @neg_i32([-2147483648, 5, 0]) = [-2147483648, -5, 0]

func.func @abs_i64(%x: tensor<2xi64>) -> tensor<2xi64> {
  %0 = "ms.abs"(%x) : (tensor<2xi64>) -> tensor<2xi64>
  func.return %0 : tensor<2xi64>
}
// eval: @abs_i64([-4611686018427387904, 7]) = [4611686018427387904, 7]

func.func @square_i32(%x: tensor<2xi32>) -> tensor<2xi32> {
  %0 = "ms.square"(%x) : (tensor<2xi32>) -> tensor<2xi32>
  func.return %0 : tensor<2xi32>
}
// eval: @square_i32([70000, -3]) = [605032704, 9]

func.func @exp_f16(%x: tensor<3xf16>) -> tensor<3xf16> {
  %0 = "ms.exp"(%x) : (tensor<3xf16>) -> tensor<3xf16>
  func.return %0 : tensor<3xf16>
}
// eval: @exp_f16([-1, 0.5, 12]) = [0.367919922, 1.6484375, inf]

func.func @logical_not(%x: tensor<2xi1>) -> tensor<2xi1> {
  %0 = "ms.logical_not"(%x) : (tensor<2xi1>) -> tensor<2xi1>
  func.return %0 : tensor<2xi1>
}
// eval: @logical_not([true, false]) = [false, true]

func.func @bitwise_not(%x: tensor<2xi32>) -> tensor<2xi32> {
  %0 = "ms.bitwise_not"(%x) : (tensor<2xi32>) -> tensor<2xi32>
  func.return %0 : tensor<2xi32>
}
// eval: @bitwise_not([5, -1]) = [-6, 0]

func.func @clamp(%x: tensor<12xf32>) -> tensor<12xf32> {
  %0 = "ms.clamp"(%x) {high = 1.250000e+00 : f32, low = -1.000000e+00 : f32} : (tensor<12xf32>) -> tensor<12xf32>
  func.return %0 : tensor<12xf32>
}
// eval: @clamp([-2.5, -1, -0.5, -0, 0, 0.25, 1, 1.5, 3, inf, -inf, nan]) = [-1, -1, -0.5, -0, 0, 0.25, 1, 1.25, 1.25, 1.25, -1, nan]

func.func @clamp_i32(%x: tensor<3xi32>) -> tensor<3xi32> {
  %0 = "ms.clamp"(%x) {high = 4.000000e+00 : f32, low = -3.000000e+00 : f32} : (tensor<3xi32>) -> tensor<3xi32>
  func.return %0 : tensor<3xi32>
}
// eval: @clamp_i32([-9, 2, 9]) = [-3, 2, 4]

func.func @stop_gradient(%x: tensor<9xf32>) -> tensor<9xf32> {
  %0 = "ms.stop_gradient"(%x) : (tensor<9xf32>) -> tensor<9xf32>
  func.return %0 : tensor<9xf32>
}
// eval: @stop_gradient([-2.5, -1, -0.5, -0, 0, 0.25, 1, 1.5, 3]) = [-2.5, -1, -0.5, -0, 0, 0.25, 1, 1.5, 3]
