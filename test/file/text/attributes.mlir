// msc opt --allow-unregistered-dialect --verify-roundtrip
#alias = [1, 2]
!pair = tensor<2xf32>
"a.b"() {
  array = [1, 2 : i8, 3.5, "s", @f, @"odd name", unit, [], {}], alias = #alias, b = true, dict = {x.y = 1, "odd key" = 2},
  i64s = array<i64: 1, -2>, none = array<i64>, i32s = array<i32: 1, 2>, bools = array<i1: true>,
  hex = 0x7F : i32, bits = 0x7F800000 : f32, tiny = 1.0e-07 : f32, big = 18446744073709551615 : ui64, min = -9223372036854775808 : i64,
  i8 = 255 : i8, f16 = 0.1 : f16, bf16 = 0.1 : bf16, index = 3 : index, bool = 1 : i1, f64 = 0.1, odd = 5 : i17,
  type = !pair, function = (i32, !pair) -> (f32, i1), opaque = !npu.buffer<ub, [1, 2]>, dialect = #ms.init<normal, seed = 1>,
  map = affine_map<(d0, d1)[s0] -> (d0 + s0, d1 floordiv 2)>, set = affine_set<(d0) : (d0 - 10 >= 0)>, vector = dense<1> : vector<4xi32>,
  splat = dense<1> : tensor<4xi32>, empty = dense<> : tensor<0xf32>, rank0 = dense<5> : tensor<i64>, bits1 = dense<[true, false]> : tensor<2xi1>,
  hexes = dense<"0x0000803F00000040"> : !pair, nested = dense<[[1, 2], [3, 4]]> : tensor<2x2xi8>, neg = dense<[1, 255]> : tensor<2xui8>,
  text = "quote \22 backslash \\ newline \0A tab \t \C3\A9", strided = strided<[?, 1], offset: 3>, sym = @a::@b, unit
} : () -> ()
// ---- output ----
module {
  "a.b"() {alias = [1 : i64, 2 : i64], array = [1 : i64, 2 : i8, 3.500000e+00 : f64, "s", @f, @"odd name", unit, [], {}], b = true, bf16 = 1.000977e-01 : bf16, big = 18446744073709551615 : ui64, bits = 0x7F800000 : f32, bits1 = dense<[true, false]> : tensor<2xi1>, bool = true, bools = array<i1: true>, dialect = #ms.init<normal, seed = 1>, dict = {"odd key" = 2 : i64, x.y = 1 : i64}, empty = dense<> : tensor<0xf32>, f16 = 9.997559e-02 : f16, f64 = 1.000000e-01 : f64, function = (i32, tensor<2xf32>) -> (f32, i1), hex = 127 : i32, hexes = dense<[1.000000e+00, 2.000000e+00]> : tensor<2xf32>, i32s = array<i32: 1, 2>, i64s = array<i64: 1, -2>, i8 = -1 : i8, index = 3 : index, map = affine_map<(d0, d1)[s0] -> (d0 + s0, d1 floordiv 2)>, min = -9223372036854775808 : i64, neg = dense<[1, 255]> : tensor<2xui8>, nested = dense<[[1, 2], [3, 4]]> : tensor<2x2xi8>, none = array<i64>, odd = 5 : i17, opaque = !npu.buffer<ub, [1, 2]>, rank0 = dense<5> : tensor<i64>, set = affine_set<(d0) : (d0 - 10 >= 0)>, splat = dense<1> : tensor<4xi32>, strided = strided<[?, 1], offset: 3>, sym = @a::@b, text = "quote \22 backslash \\ newline \0A tab \09 \C3\A9", tiny = 1.000000e-07 : f32, type = tensor<2xf32>, unit, vector = dense<1> : vector<4xi32>} : () -> ()
}
