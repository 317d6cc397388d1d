// Each function makes one rule apply; the rule is named before it, as op and rule.

// ms.add: neutral 0
func.func @add_zero(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %z = "ms.constant"() {value = dense<0.0> : tensor<f32>} : () -> tensor<f32>
  %0 = "ms.add"(%z, %x) : (tensor<f32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  func.return %0 : tensor<2x3xf32>
}

// ms.add: plus negated
func.func @add_negated(%x: tensor<3xf32>, %y: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %n = "ms.neg"(%x) : (tensor<3xf32>) -> tensor<3xf32>
  %0 = "ms.add"(%n, %y) : (tensor<3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  func.return %0 : tensor<2x3xf32>
}

// ms.add: operand broadcast before an op that broadcasts
func.func @add_broadcast(%x: tensor<3xf32>, %y: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %b = "ms.broadcast_to"(%x) : (tensor<3xf32>) -> tensor<2x3xf32>
  %0 = "ms.add"(%b, %y) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  func.return %0 : tensor<2x3xf32>
}

// ms.add: bias of dense
func.func @add_dense(%x: tensor<2x3xf32>, %w: tensor<4x3xf32>, %b: tensor<4xf32>) -> tensor<2x4xf32> {
  %p = "ms.matmul"(%x, %w) {transpose_a = false, transpose_b = true} : (tensor<2x3xf32>, tensor<4x3xf32>) -> tensor<2x4xf32>
  %0 = "ms.add"(%p, %b) : (tensor<2x4xf32>, tensor<4xf32>) -> tensor<2x4xf32>
  func.return %0 : tensor<2x4xf32>
}

// ms.add: bias of conv2d
func.func @add_conv(%x: tensor<1x2x4x4xf32>, %w: tensor<3x2x3x3xf32>, %b: tensor<3xf32>) -> tensor<1x3x2x2xf32> {
  %c = "ms.conv2d"(%x, %w) {strides = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, dilations = array<i64: 1, 1>, group = 1 : i64} : (tensor<1x2x4x4xf32>, tensor<3x2x3x3xf32>) -> tensor<1x3x2x2xf32>
  %r = "ms.reshape"(%b) : (tensor<3xf32>) -> tensor<1x3x1x1xf32>
  %0 = "ms.add"(%c, %r) : (tensor<1x3x2x2xf32>, tensor<1x3x1x1xf32>) -> tensor<1x3x2x2xf32>
  func.return %0 : tensor<1x3x2x2xf32>
}

// ms.sub: neutral 0
func.func @sub_zero(%x: tensor<3xi32>) -> tensor<3xi32> {
  %z = "ms.constant"() {value = dense<0> : tensor<3xi32>} : () -> tensor<3xi32>
  %0 = "ms.sub"(%x, %z) : (tensor<3xi32>, tensor<3xi32>) -> tensor<3xi32>
  func.return %0 : tensor<3xi32>
}

// ms.sub: minus itself
func.func @sub_itself(%x: tensor<3xi32>) -> tensor<3xi32> {
  %0 = "ms.sub"(%x, %x) : (tensor<3xi32>, tensor<3xi32>) -> tensor<3xi32>
  func.return %0 : tensor<3xi32>
}

// ms.sub: minus negated
func.func @sub_negated(%x: tensor<3xf32>, %y: tensor<3xf32>) -> tensor<3xf32> {
  %n = "ms.neg"(%y) : (tensor<3xf32>) -> tensor<3xf32>
  %0 = "ms.sub"(%x, %n) : (tensor<3xf32>, tensor<3xf32>) -> tensor<3xf32>
  func.return %0 : tensor<3xf32>
}

// ms.mul: neutral 1
func.func @mul_one(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %o = "ms.constant"() {value = dense<1.0> : tensor<3xf32>} : () -> tensor<3xf32>
  %0 = "ms.mul"(%x, %o) : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
  func.return %0 : tensor<2x3xf32>
}

// ms.mul: times 0
func.func @mul_zero(%x: tensor<2x3xi32>) -> tensor<2x3xi32> {
  %z = "ms.constant"() {value = dense<0> : tensor<i32>} : () -> tensor<i32>
  %0 = "ms.mul"(%x, %z) : (tensor<2x3xi32>, tensor<i32>) -> tensor<2x3xi32>
  func.return %0 : tensor<2x3xi32>
}

// ms.mul: times itself
func.func @mul_itself(%x: tensor<3xf32>) -> tensor<3xf32> {
  %0 = "ms.mul"(%x, %x) : (tensor<3xf32>, tensor<3xf32>) -> tensor<3xf32>
  func.return %0 : tensor<3xf32>
}

// ms.mul: silu
func.func @mul_sigmoid(%x: tensor<3xf32>) -> tensor<3xf32> {
  %s = "ms.sigmoid"(%x) : (tensor<3xf32>) -> tensor<3xf32>
  %0 = "ms.mul"(%s, %x) : (tensor<3xf32>, tensor<3xf32>) -> tensor<3xf32>
  func.return %0 : tensor<3xf32>
}

// ms.div: neutral 1
func.func @div_one(%x: tensor<3xf32>) -> tensor<3xf32> {
  %o = "ms.constant"() {value = dense<1.0> : tensor<3xf32>} : () -> tensor<3xf32>
  %0 = "ms.div"(%x, %o) : (tensor<3xf32>, tensor<3xf32>) -> tensor<3xf32>
  func.return %0 : tensor<3xf32>
}

// ms.div: one over a root
func.func @div_root(%x: tensor<3xf32>) -> tensor<3xf32> {
  %p = "ms.exp"(%x) : (tensor<3xf32>) -> tensor<3xf32>
  %s = "ms.sqrt"(%p) : (tensor<3xf32>) -> tensor<3xf32>
  %o = "ms.constant"() {value = dense<1.0> : tensor<f32>} : () -> tensor<f32>
  %0 = "ms.div"(%o, %s) : (tensor<f32>, tensor<3xf32>) -> tensor<3xf32>
  func.return %0 : tensor<3xf32>
}

// ms.div: division by a power of two
func.func @div_eight(%x: tensor<3xf32>) -> tensor<3xf32> {
  %o = "ms.constant"() {value = dense<8.0> : tensor<f32>} : () -> tensor<f32>
  %0 = "ms.div"(%x, %o) : (tensor<3xf32>, tensor<f32>) -> tensor<3xf32>
  func.return %0 : tensor<3xf32>
}

// ms.pow: neutral 1
func.func @pow_one(%x: tensor<3xf32>) -> tensor<3xf32> {
  %o = "ms.constant"() {value = dense<1.0> : tensor<f32>} : () -> tensor<f32>
  %0 = "ms.pow"(%x, %o) : (tensor<3xf32>, tensor<f32>) -> tensor<3xf32>
  func.return %0 : tensor<3xf32>
}

// ms.pow: to the 2
func.func @pow_two(%x: tensor<3xf32>) -> tensor<3xf32> {
  %o = "ms.constant"() {value = dense<2.0> : tensor<f32>} : () -> tensor<f32>
  %0 = "ms.pow"(%x, %o) : (tensor<3xf32>, tensor<f32>) -> tensor<3xf32>
  func.return %0 : tensor<3xf32>
}

// ms.maximum: of itself
func.func @max_itself(%x: tensor<3xf32>) -> tensor<3xf32> {
  %0 = "ms.maximum"(%x, %x) : (tensor<3xf32>, tensor<3xf32>) -> tensor<3xf32>
  func.return %0 : tensor<3xf32>
}

// ms.maximum: maximum with 0
func.func @max_zero(%x: tensor<3xf32>) -> tensor<3xf32> {
  %z = "ms.constant"() {value = dense<0.0> : tensor<f32>} : () -> tensor<f32>
  %0 = "ms.maximum"(%x, %z) : (tensor<3xf32>, tensor<f32>) -> tensor<3xf32>
  func.return %0 : tensor<3xf32>
}

// ms.logical_and: neutral 1
func.func @and_true(%x: tensor<3xi1>) -> tensor<3xi1> {
  %o = "ms.constant"() {value = dense<true> : tensor<3xi1>} : () -> tensor<3xi1>
  %0 = "ms.logical_and"(%x, %o) : (tensor<3xi1>, tensor<3xi1>) -> tensor<3xi1>
  func.return %0 : tensor<3xi1>
}

// ms.neg: undoes ms.neg
func.func @neg_neg(%x: tensor<3xf32>) -> tensor<3xf32> {
  %0 = "ms.neg"(%x) : (tensor<3xf32>) -> tensor<3xf32>
  %1 = "ms.neg"(%0) : (tensor<3xf32>) -> tensor<3xf32>
  func.return %1 : tensor<3xf32>
}

// ms.logical_not: undoes ms.logical_not
func.func @not_not(%x: tensor<3xi1>) -> tensor<3xi1> {
  %0 = "ms.logical_not"(%x) : (tensor<3xi1>) -> tensor<3xi1>
  %1 = "ms.logical_not"(%0) : (tensor<3xi1>) -> tensor<3xi1>
  func.return %1 : tensor<3xi1>
}

// ms.logical_not: not of a comparison
func.func @not_less(%x: tensor<3xi32>, %y: tensor<3xi32>) -> tensor<3xi1> {
  %0 = "ms.less"(%x, %y) : (tensor<3xi32>, tensor<3xi32>) -> tensor<3xi1>
  %1 = "ms.logical_not"(%0) : (tensor<3xi1>) -> tensor<3xi1>
  func.return %1 : tensor<3xi1>
}

// ms.bitwise_not: undoes ms.bitwise_not
func.func @flip_flip(%x: tensor<3xi32>) -> tensor<3xi32> {
  %0 = "ms.bitwise_not"(%x) : (tensor<3xi32>) -> tensor<3xi32>
  %1 = "ms.bitwise_not"(%0) : (tensor<3xi32>) -> tensor<3xi32>
  func.return %1 : tensor<3xi32>
}

// ms.abs: ms.abs after ms.neg
func.func @abs_neg(%x: tensor<3xf32>) -> tensor<3xf32> {
  %0 = "ms.neg"(%x) : (tensor<3xf32>) -> tensor<3xf32>
  %1 = "ms.abs"(%0) : (tensor<3xf32>) -> tensor<3xf32>
  func.return %1 : tensor<3xf32>
}

// ms.square: ms.square after ms.neg
func.func @square_neg(%x: tensor<3xf32>) -> tensor<3xf32> {
  %0 = "ms.neg"(%x) : (tensor<3xf32>) -> tensor<3xf32>
  %1 = "ms.square"(%0) : (tensor<3xf32>) -> tensor<3xf32>
  func.return %1 : tensor<3xf32>
}

// ms.square: ms.square after ms.abs
func.func @square_abs(%x: tensor<3xf32>) -> tensor<3xf32> {
  %0 = "ms.abs"(%x) : (tensor<3xf32>) -> tensor<3xf32>
  %1 = "ms.square"(%0) : (tensor<3xf32>) -> tensor<3xf32>
  func.return %1 : tensor<3xf32>
}

// ms.reciprocal: ms.rsqrt after ms.sqrt
func.func @reciprocal_sqrt(%x: tensor<3xf32>) -> tensor<3xf32> {
  %p = "ms.exp"(%x) : (tensor<3xf32>) -> tensor<3xf32>
  %0 = "ms.sqrt"(%p) : (tensor<3xf32>) -> tensor<3xf32>
  %1 = "ms.reciprocal"(%0) : (tensor<3xf32>) -> tensor<3xf32>
  func.return %1 : tensor<3xf32>
}

// ms.clamp: applied twice
func.func @clamp_clamp(%x: tensor<3xf32>) -> tensor<3xf32> {
  %0 = "ms.clamp"(%x) {low = -1.0 : f32, high = 1.0 : f32} : (tensor<3xf32>) -> tensor<3xf32>
  %1 = "ms.clamp"(%0) {low = -1.0 : f32, high = 1.0 : f32} : (tensor<3xf32>) -> tensor<3xf32>
  func.return %1 : tensor<3xf32>
}

// ms.relu6: ms.relu6 after ms.relu
func.func @relu6_relu(%x: tensor<3xf32>) -> tensor<3xf32> {
  %0 = "ms.relu"(%x) : (tensor<3xf32>) -> tensor<3xf32>
  %1 = "ms.relu6"(%0) : (tensor<3xf32>) -> tensor<3xf32>
  func.return %1 : tensor<3xf32>
}

// ms.select: known condition
func.func @select_true(%x: tensor<3xf32>, %y: tensor<3xf32>) -> tensor<3xf32> {
  %c = "ms.constant"() {value = dense<true> : tensor<i1>} : () -> tensor<i1>
  %0 = "ms.select"(%c, %x, %y) : (tensor<i1>, tensor<3xf32>, tensor<3xf32>) -> tensor<3xf32>
  func.return %0 : tensor<3xf32>
}

// ms.cast: cast to its own type
func.func @cast_same(%x: tensor<3xf32>) -> tensor<3xf32> {
  %0 = "ms.cast"(%x) : (tensor<3xf32>) -> tensor<3xf32>
  func.return %0 : tensor<3xf32>
}

// ms.cast: cast of a widening cast
func.func @cast_cast(%x: tensor<3xi32>) -> tensor<3xf32> {
  %0 = "ms.cast"(%x) : (tensor<3xi32>) -> tensor<3xi64>
  %1 = "ms.cast"(%0) : (tensor<3xi64>) -> tensor<3xf32>
  func.return %1 : tensor<3xf32>
}

// ms.log: log of softmax
func.func @log_softmax(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "ms.softmax"(%x) {axis = 1 : i64} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %1 = "ms.log"(%0) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  func.return %1 : tensor<2x3xf32>
}

// ms.matmul: product of a transposed matrix
func.func @matmul_transposed(%x: tensor<3x2xf32>, %y: tensor<3x4xf32>) -> tensor<2x4xf32> {
  %t = "ms.transpose"(%x) {permutation = array<i64: 1, 0>} : (tensor<3x2xf32>) -> tensor<2x3xf32>
  %0 = "ms.matmul"(%t, %y) {transpose_a = false, transpose_b = false} : (tensor<2x3xf32>, tensor<3x4xf32>) -> tensor<2x4xf32>
  func.return %0 : tensor<2x4xf32>
}

// ms.batch_matmul: product of a transposed matrix
func.func @batch_matmul_transposed(%x: tensor<2x3x2xf32>, %y: tensor<2x4x2xf32>) -> tensor<2x3x4xf32> {
  %t = "ms.transpose"(%y) {permutation = array<i64: 0, 2, 1>} : (tensor<2x4x2xf32>) -> tensor<2x2x4xf32>
  %0 = "ms.batch_matmul"(%x, %t) {transpose_a = false, transpose_b = false} : (tensor<2x3x2xf32>, tensor<2x2x4xf32>) -> tensor<2x3x4xf32>
  func.return %0 : tensor<2x3x4xf32>
}

// ms.batch_matmul: batch_matmul of two matrices
func.func @batch_of_one(%x: tensor<3x2xf32>, %y: tensor<2x4xf32>) -> tensor<3x4xf32> {
  %0 = "ms.batch_matmul"(%x, %y) {transpose_a = false, transpose_b = false} : (tensor<3x2xf32>, tensor<2x4xf32>) -> tensor<3x4xf32>
  func.return %0 : tensor<3x4xf32>
}

// ms.attention: attention with a mask of 0
func.func @attention_mask(%q: tensor<3x2xf32>, %k: tensor<4x2xf32>, %v: tensor<4x2xf32>) -> tensor<3x2xf32> {
  %m = "ms.constant"() {value = dense<0.0> : tensor<3x4xf32>} : () -> tensor<3x4xf32>
  %0 = "ms.attention"(%q, %k, %v, %m) {scale = 0.5 : f32} : (tensor<3x2xf32>, tensor<4x2xf32>, tensor<4x2xf32>, tensor<3x4xf32>) -> tensor<3x2xf32>
  func.return %0 : tensor<3x2xf32>
}

// ms.conv2d: conv2d of pad
func.func @conv_pad(%x: tensor<1x2x3x3xf32>, %w: tensor<3x2x3x3xf32>) -> tensor<1x3x2x3xf32> {
  %p = "ms.pad"(%x) {low = array<i64: 0, 0, 1, 1>, high = array<i64: 0, 0, 0, 1>, mode = "constant", value = 0.0 : f32} : (tensor<1x2x3x3xf32>) -> tensor<1x2x4x5xf32>
  %0 = "ms.conv2d"(%p, %w) {strides = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, dilations = array<i64: 1, 1>, group = 1 : i64} : (tensor<1x2x4x5xf32>, tensor<3x2x3x3xf32>) -> tensor<1x3x2x3xf32>
  func.return %0 : tensor<1x3x2x3xf32>
}

// ms.batch_norm: batch_norm of conv2d
func.func @conv_norm(%x: tensor<1x2x4x4xf32>, %w: tensor<3x2x3x3xf32>, %g: tensor<3xf32>, %b: tensor<3xf32>, %m: tensor<3xf32>, %v: tensor<3xf32>) -> tensor<1x3x2x2xf32> {
  %c = "ms.conv2d"(%x, %w) {strides = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, dilations = array<i64: 1, 1>, group = 1 : i64} : (tensor<1x2x4x4xf32>, tensor<3x2x3x3xf32>) -> tensor<1x3x2x2xf32>
  %0 = "ms.batch_norm"(%c, %g, %b, %m, %v) {epsilon = 9.0 : f32} : (tensor<1x3x2x2xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>) -> tensor<1x3x2x2xf32>
  func.return %0 : tensor<1x3x2x2xf32>
}

// ms.max_pool2d: window of one element
func.func @pool_nothing(%x: tensor<1x2x3x3xf32>) -> tensor<1x2x3x3xf32> {
  %0 = "ms.max_pool2d"(%x) {kernel = array<i64: 1, 1>, strides = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, dilations = array<i64: 1, 1>, ceil_mode = false} : (tensor<1x2x3x3xf32>) -> tensor<1x2x3x3xf32>
  func.return %0 : tensor<1x2x3x3xf32>
}

// ms.adaptive_avg_pool2d: to its own size
func.func @adaptive_same(%x: tensor<1x2x3x3xf32>) -> tensor<1x2x3x3xf32> {
  %0 = "ms.adaptive_avg_pool2d"(%x) {size = array<i64: 3, 3>} : (tensor<1x2x3x3xf32>) -> tensor<1x2x3x3xf32>
  func.return %0 : tensor<1x2x3x3xf32>
}

// ms.adaptive_avg_pool2d: adaptive pooling to one element
func.func @adaptive_one(%x: tensor<1x2x3x3xf32>) -> tensor<1x2x1x1xf32> {
  %0 = "ms.adaptive_avg_pool2d"(%x) {size = array<i64: 1, 1>} : (tensor<1x2x3x3xf32>) -> tensor<1x2x1x1xf32>
  func.return %0 : tensor<1x2x1x1xf32>
}

// ms.resize_bicubic: to its own size
func.func @resize_same(%x: tensor<1x2x3x3xf32>) -> tensor<1x2x3x3xf32> {
  %0 = "ms.resize_bicubic"(%x) {size = array<i64: 3, 3>, coordinates = "half_pixel"} : (tensor<1x2x3x3xf32>) -> tensor<1x2x3x3xf32>
  func.return %0 : tensor<1x2x3x3xf32>
}

// ms.reduce_sum: reduction of extents of 1
func.func @reduce_ones(%x: tensor<2x1x3xf32>) -> tensor<2x3xf32> {
  %0 = "ms.reduce_sum"(%x) {axes = array<i64: 1>, keep_dims = false} : (tensor<2x1x3xf32>) -> tensor<2x3xf32>
  func.return %0 : tensor<2x3xf32>
}

// ms.reduce_mean: reduction of reduction
func.func @reduce_twice(%x: tensor<2x3x4xf32>) -> tensor<3xf32> {
  %0 = "ms.reduce_mean"(%x) {axes = array<i64: 0>, keep_dims = false} : (tensor<2x3x4xf32>) -> tensor<3x4xf32>
  %1 = "ms.reduce_mean"(%0) {axes = array<i64: 1>, keep_dims = false} : (tensor<3x4xf32>) -> tensor<3xf32>
  func.return %1 : tensor<3xf32>
}

// ms.cumsum: scan along an extent of 1
func.func @scan_one(%x: tensor<2x1xf32>) -> tensor<2x1xf32> {
  %0 = "ms.cumsum"(%x) {axis = 1 : i64, exclusive = false, reverse = true} : (tensor<2x1xf32>) -> tensor<2x1xf32>
  func.return %0 : tensor<2x1xf32>
}

// ms.reshape: to its own type
func.func @reshape_same(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "ms.reshape"(%x) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  func.return %0 : tensor<2x3xf32>
}

// ms.reshape: the last one counts
func.func @reshape_twice(%x: tensor<2x3xf32>) -> tensor<3x2xf32> {
  %0 = "ms.reshape"(%x) : (tensor<2x3xf32>) -> tensor<6xf32>
  %1 = "ms.reshape"(%0) : (tensor<6xf32>) -> tensor<3x2xf32>
  func.return %1 : tensor<3x2xf32>
}

// ms.transpose: permutation that keeps the order
func.func @transpose_same(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "ms.transpose"(%x) {permutation = array<i64: 0, 1>} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  func.return %0 : tensor<2x3xf32>
}

// ms.transpose: transpose of transpose
func.func @transpose_twice(%x: tensor<2x3x4xf32>) -> tensor<4x3x2xf32> {
  %0 = "ms.transpose"(%x) {permutation = array<i64: 1, 2, 0>} : (tensor<2x3x4xf32>) -> tensor<3x4x2xf32>
  %1 = "ms.transpose"(%0) {permutation = array<i64: 1, 0, 2>} : (tensor<3x4x2xf32>) -> tensor<4x3x2xf32>
  func.return %1 : tensor<4x3x2xf32>
}

// ms.transpose: transpose that moves only extents of 1
func.func @transpose_ones(%x: tensor<2x1x3xf32>) -> tensor<1x2x3xf32> {
  %0 = "ms.transpose"(%x) {permutation = array<i64: 1, 0, 2>} : (tensor<2x1x3xf32>) -> tensor<1x2x3xf32>
  func.return %0 : tensor<1x2x3xf32>
}

// ms.broadcast_to: the last one counts
func.func @broadcast_twice(%x: tensor<3xf32>) -> tensor<2x2x3xf32> {
  %0 = "ms.broadcast_to"(%x) : (tensor<3xf32>) -> tensor<2x3xf32>
  %1 = "ms.broadcast_to"(%0) : (tensor<2x3xf32>) -> tensor<2x2x3xf32>
  func.return %1 : tensor<2x2x3xf32>
}

// ms.concat: only one part
func.func @concat_one(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "ms.concat"(%x) {axis = 0 : i64} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  func.return %0 : tensor<2x3xf32>
}

// ms.concat: concat of split
func.func @concat_split(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0:2 = "ms.split"(%x) {axis = 1 : i64, sizes = array<i64: 1, 2>} : (tensor<2x3xf32>) -> (tensor<2x1xf32>, tensor<2x2xf32>)
  %1 = "ms.concat"(%0#0, %0#1) {axis = 1 : i64} : (tensor<2x1xf32>, tensor<2x2xf32>) -> tensor<2x3xf32>
  func.return %1 : tensor<2x3xf32>
}

// ms.concat: concat with empty parts
func.func @concat_empty(%x: tensor<2x3xf32>, %y: tensor<2x0xf32>, %z: tensor<2x1xf32>) -> tensor<2x4xf32> {
  %0 = "ms.concat"(%x, %y, %z) {axis = 1 : i64} : (tensor<2x3xf32>, tensor<2x0xf32>, tensor<2x1xf32>) -> tensor<2x4xf32>
  func.return %0 : tensor<2x4xf32>
}

// ms.concat: concat of concat
func.func @concat_concat(%x: tensor<2x3xf32>, %y: tensor<2x1xf32>) -> tensor<2x7xf32> {
  %0 = "ms.concat"(%y, %x) {axis = 1 : i64} : (tensor<2x1xf32>, tensor<2x3xf32>) -> tensor<2x4xf32>
  %1 = "ms.concat"(%x, %0) {axis = 1 : i64} : (tensor<2x3xf32>, tensor<2x4xf32>) -> tensor<2x7xf32>
  func.return %1 : tensor<2x7xf32>
}

// ms.split: only one part
func.func @split_one(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "ms.split"(%x) {axis = 1 : i64, sizes = array<i64: 3>} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  func.return %0 : tensor<2x3xf32>
}

// ms.split: split of concat
func.func @split_concat(%x: tensor<2x3xf32>, %y: tensor<2x1xf32>) -> (tensor<2x3xf32>, tensor<2x1xf32>) {
  %0 = "ms.concat"(%x, %y) {axis = 1 : i64} : (tensor<2x3xf32>, tensor<2x1xf32>) -> tensor<2x4xf32>
  %1:2 = "ms.split"(%0) {axis = 1 : i64, sizes = array<i64: 3, 1>} : (tensor<2x4xf32>) -> (tensor<2x3xf32>, tensor<2x1xf32>)
  func.return %1#0, %1#1 : tensor<2x3xf32>, tensor<2x1xf32>
}

// ms.slice: slice of everything
func.func @slice_all(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "ms.slice"(%x) {axes = array<i64: 1>, begins = array<i64: 0>, ends = array<i64: 3>, strides = array<i64: 1>} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  func.return %0 : tensor<2x3xf32>
}

// ms.slice: slice of slice
func.func @slice_twice(%x: tensor<4x9xf32>) -> tensor<2x2xf32> {
  %0 = "ms.slice"(%x) {axes = array<i64: 1>, begins = array<i64: 1>, ends = array<i64: 9>, strides = array<i64: 2>} : (tensor<4x9xf32>) -> tensor<4x4xf32>
  %1 = "ms.slice"(%0) {axes = array<i64: 0, 1>, begins = array<i64: 1, 1>, ends = array<i64: 3, 4>, strides = array<i64: 1, 2>} : (tensor<4x4xf32>) -> tensor<2x2xf32>
  func.return %1 : tensor<2x2xf32>
}

// ms.slice: slice of concat
func.func @slice_concat(%x: tensor<2x3xf32>, %y: tensor<2x4xf32>) -> tensor<2x2xf32> {
  %0 = "ms.concat"(%x, %y) {axis = 1 : i64} : (tensor<2x3xf32>, tensor<2x4xf32>) -> tensor<2x7xf32>
  %1 = "ms.slice"(%0) {axes = array<i64: 1>, begins = array<i64: 4>, ends = array<i64: 6>, strides = array<i64: 1>} : (tensor<2x7xf32>) -> tensor<2x2xf32>
  func.return %1 : tensor<2x2xf32>
}

// ms.slice_update: update of everything
func.func @update_all(%x: tensor<2x3xf32>, %y: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "ms.slice_update"(%x, %y) {axes = array<i64: 1>, begins = array<i64: 0>, ends = array<i64: 3>, strides = array<i64: 1>} : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  func.return %0 : tensor<2x3xf32>
}

// ms.pad: pad by nothing
func.func @pad_nothing(%x: tensor<2xf32>) -> tensor<2xf32> {
  %0 = "ms.pad"(%x) {low = array<i64: 0>, high = array<i64: 0>, mode = "edge", value = 0.0 : f32} : (tensor<2xf32>) -> tensor<2xf32>
  func.return %0 : tensor<2xf32>
}

// ms.pad: pad of pad
func.func @pad_pad(%x: tensor<2xf32>) -> tensor<6xf32> {
  %0 = "ms.pad"(%x) {low = array<i64: 1>, high = array<i64: 0>, mode = "constant", value = 7.0 : f32} : (tensor<2xf32>) -> tensor<3xf32>
  %1 = "ms.pad"(%0) {low = array<i64: 1>, high = array<i64: 2>, mode = "constant", value = 7.0 : f32} : (tensor<3xf32>) -> tensor<6xf32>
  func.return %1 : tensor<6xf32>
}

// ms.tile: once
func.func @tile_once(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "ms.tile"(%x) {repeats = array<i64: 1, 1>} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  func.return %0 : tensor<2x3xf32>
}

// ms.tile: tile of extents of 1
func.func @tile_ones(%x: tensor<1x3xf32>) -> tensor<4x3xf32> {
  %0 = "ms.tile"(%x) {repeats = array<i64: 4, 1>} : (tensor<1x3xf32>) -> tensor<4x3xf32>
  func.return %0 : tensor<4x3xf32>
}

// ms.repeat: repeat once
func.func @repeat_once(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "ms.repeat"(%x) {axis = 1 : i64, count = 1 : i64} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  func.return %0 : tensor<2x3xf32>
}

// ms.reverse: reverse of extents of 1
func.func @reverse_ones(%x: tensor<1x3xf32>) -> tensor<1x3xf32> {
  %0 = "ms.reverse"(%x) {axes = array<i64: 0>} : (tensor<1x3xf32>) -> tensor<1x3xf32>
  func.return %0 : tensor<1x3xf32>
}

// ms.reverse: reverse of reverse
func.func @reverse_twice(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "ms.reverse"(%x) {axes = array<i64: 0, 1>} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %1 = "ms.reverse"(%0) {axes = array<i64: 0, 1>} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  func.return %1 : tensor<2x3xf32>
}

// ms.roll: roll by whole turns
func.func @roll_round(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "ms.roll"(%x) {axis = 1 : i64, shift = -6 : i64} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  func.return %0 : tensor<2x3xf32>
}

// ms.roll: roll of roll
func.func @roll_twice(%x: tensor<2x5xf32>) -> tensor<2x5xf32> {
  %0 = "ms.roll"(%x) {axis = 1 : i64, shift = 1 : i64} : (tensor<2x5xf32>) -> tensor<2x5xf32>
  %1 = "ms.roll"(%0) {axis = 1 : i64, shift = -3 : i64} : (tensor<2x5xf32>) -> tensor<2x5xf32>
  func.return %1 : tensor<2x5xf32>
}

// ms.assert: assertion that holds
func.func @assert_true(%x: tensor<2xf32>) -> tensor<2xf32> {
  %c = "ms.constant"() {value = dense<true> : tensor<i1>} : () -> tensor<i1>
  "ms.assert"(%c) {message = "never"} : (tensor<i1>) -> ()
  func.return %x : tensor<2xf32>
}

// ms.depend: order that holds already
func.func @depend_on_constant(%x: tensor<2xf32>, %y: tensor<3xf32>) -> (tensor<2xf32>, tensor<2xf32>) {
  %c = "ms.constant"() {value = dense<1.0> : tensor<f32>} : () -> tensor<f32>
  %0 = "ms.depend"(%x, %c) : (tensor<2xf32>, tensor<f32>) -> tensor<2xf32>
  %1 = "ms.depend"(%x, %y, %y) : (tensor<2xf32>, tensor<3xf32>, tensor<3xf32>) -> tensor<2xf32>
  func.return %0, %1 : tensor<2xf32>, tensor<2xf32>
}

// ms.mul: constant of one number as a scalar
func.func @splat_as_scalar(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %c = "ms.constant"() {value = dense<2.5> : tensor<2x3xf32>} : () -> tensor<2x3xf32>
  %0 = "ms.mul"(%x, %c) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  func.return %0 : tensor<2x3xf32>
}

// ms.add: sum of padded pieces side by side
func.func @pieces(%x: tensor<1x3xf32>, %y: tensor<2x3xf32>) -> tensor<5x3xf32> {
  %0 = "ms.pad"(%x) {low = array<i64: 3, 0>, high = array<i64: 1, 0>, mode = "constant", value = 0.0 : f32} : (tensor<1x3xf32>) -> tensor<5x3xf32>
  %1 = "ms.pad"(%y) {low = array<i64: 1, 0>, high = array<i64: 2, 0>, mode = "constant", value = 0.0 : f32} : (tensor<2x3xf32>) -> tensor<5x3xf32>
  %2 = "ms.add"(%0, %1) : (tensor<5x3xf32>, tensor<5x3xf32>) -> tensor<5x3xf32>
  func.return %2 : tensor<5x3xf32>
}

// ms.reduce_sum: reduction of the negated
func.func @sum_negated(%x: tensor<2x3xf32>) -> tensor<2xf32> {
  %0 = "ms.neg"(%x) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %1 = "ms.reduce_sum"(%0) {axes = array<i64: 1>, keep_dims = false} : (tensor<2x3xf32>) -> tensor<2xf32>
  func.return %1 : tensor<2xf32>
}

// ms.mul: op before the broadcast of its operands
func.func @broadcast_later(%x: tensor<1x3xf32>, %y: tensor<f32>) -> tensor<2x3xf32> {
  %0 = "ms.broadcast_to"(%x) : (tensor<1x3xf32>) -> tensor<2x3xf32>
  %1 = "ms.mul"(%0, %y) : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
  func.return %1 : tensor<2x3xf32>
}
