// Programs that look as if a rule applied, but where it must not: each names the op, the rule, and keeps its value.

// ms.conv2d: conv2d of pad
func.func @channels_padded(%x: tensor<1x2x3x3xf32>, %w: tensor<3x3x3x3xf32>) -> tensor<1x3x1x1xf32> {
  %p = "ms.pad"(%x) {low = array<i64: 0, 0, 0, 0>, high = array<i64: 0, 1, 0, 0>, mode = "constant", value = 0.0 : f32} : (tensor<1x2x3x3xf32>) -> tensor<1x3x3x3xf32>
  %0 = "ms.conv2d"(%p, %w) {strides = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, dilations = array<i64: 1, 1>, group = 1 : i64} : (tensor<1x3x3x3xf32>, tensor<3x3x3x3xf32>) -> tensor<1x3x1x1xf32>
  func.return %0 : tensor<1x3x1x1xf32>
}

// ms.conv2d: conv2d of pad
func.func @batch_padded(%x: tensor<1x2x3x3xf32>, %w: tensor<3x2x3x3xf32>) -> tensor<2x3x1x1xf32> {
  %p = "ms.pad"(%x) {low = array<i64: 1, 0, 0, 0>, high = array<i64: 0, 0, 0, 0>, mode = "constant", value = 0.0 : f32} : (tensor<1x2x3x3xf32>) -> tensor<2x2x3x3xf32>
  %0 = "ms.conv2d"(%p, %w) {strides = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, dilations = array<i64: 1, 1>, group = 1 : i64} : (tensor<2x2x3x3xf32>, tensor<3x2x3x3xf32>) -> tensor<2x3x1x1xf32>
  func.return %0 : tensor<2x3x1x1xf32>
}

// ms.conv2d: conv2d of pad
func.func @padded_with_ones(%x: tensor<1x2x3x3xf32>, %w: tensor<3x2x3x3xf32>) -> tensor<1x3x2x1xf32> {
  %p = "ms.pad"(%x) {low = array<i64: 0, 0, 1, 0>, high = array<i64: 0, 0, 0, 0>, mode = "constant", value = 1.0 : f32} : (tensor<1x2x3x3xf32>) -> tensor<1x2x4x3xf32>
  %0 = "ms.conv2d"(%p, %w) {strides = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, dilations = array<i64: 1, 1>, group = 1 : i64} : (tensor<1x2x4x3xf32>, tensor<3x2x3x3xf32>) -> tensor<1x3x2x1xf32>
  func.return %0 : tensor<1x3x2x1xf32>
}

// ms.conv2d: conv2d of pad
func.func @padded_with_edges(%x: tensor<1x2x3x3xf32>, %w: tensor<3x2x3x3xf32>) -> tensor<1x3x2x1xf32> {
  %p = "ms.pad"(%x) {low = array<i64: 0, 0, 1, 0>, high = array<i64: 0, 0, 0, 0>, mode = "edge", value = 0.0 : f32} : (tensor<1x2x3x3xf32>) -> tensor<1x2x4x3xf32>
  %0 = "ms.conv2d"(%p, %w) {strides = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, dilations = array<i64: 1, 1>, group = 1 : i64} : (tensor<1x2x4x3xf32>, tensor<3x2x3x3xf32>) -> tensor<1x3x2x1xf32>
  func.return %0 : tensor<1x3x2x1xf32>
}

// ms.add: bias of conv2d
func.func @map_used_twice(%x: tensor<1x2x3x3xf32>, %w: tensor<2x2x3x3xf32>, %b: tensor<2x1x1xf32>) -> (tensor<1x2x1x1xf32>, tensor<1x2x1x1xf32>) {
  %c = "ms.conv2d"(%x, %w) {strides = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, dilations = array<i64: 1, 1>, group = 1 : i64} : (tensor<1x2x3x3xf32>, tensor<2x2x3x3xf32>) -> tensor<1x2x1x1xf32>
  %0 = "ms.add"(%c, %b) : (tensor<1x2x1x1xf32>, tensor<2x1x1xf32>) -> tensor<1x2x1x1xf32>
  func.return %c, %0 : tensor<1x2x1x1xf32>, tensor<1x2x1x1xf32>
}

// ms.add: bias of conv2d
func.func @bias_along_rows(%x: tensor<1x2x4x3xf32>, %w: tensor<2x2x3x3xf32>, %b: tensor<2x1xf32>) -> tensor<1x2x2x1xf32> {
  %c = "ms.conv2d"(%x, %w) {strides = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, dilations = array<i64: 1, 1>, group = 1 : i64} : (tensor<1x2x4x3xf32>, tensor<2x2x3x3xf32>) -> tensor<1x2x2x1xf32>
  %0 = "ms.add"(%c, %b) : (tensor<1x2x2x1xf32>, tensor<2x1xf32>) -> tensor<1x2x2x1xf32>
  func.return %0 : tensor<1x2x2x1xf32>
}

// ms.add: bias of dense
func.func @bias_of_rows(%x: tensor<2x3xf32>, %w: tensor<2x3xf32>, %b: tensor<2x1xf32>) -> tensor<2x2xf32> {
  %d = "ms.dense"(%x, %w) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x2xf32>
  %0 = "ms.add"(%d, %b) : (tensor<2x2xf32>, tensor<2x1xf32>) -> tensor<2x2xf32>
  func.return %0 : tensor<2x2xf32>
}

// ms.matmul: product of a transposed matrix
func.func @batch_transposed(%x: tensor<2x3x4xf32>, %y: tensor<3x4x5xf32>) -> tensor<3x2x5xf32> {
  %t = "ms.transpose"(%x) {permutation = array<i64: 1, 0, 2>} : (tensor<2x3x4xf32>) -> tensor<3x2x4xf32>
  %0 = "ms.batch_matmul"(%t, %y) {transpose_a = false, transpose_b = false} : (tensor<3x2x4xf32>, tensor<3x4x5xf32>) -> tensor<3x2x5xf32>
  func.return %0 : tensor<3x2x5xf32>
}

// ms.concat: concat of split
func.func @some_parts(%x: tensor<6xf32>) -> tensor<4xf32> {
  %a, %b, %c = "ms.split"(%x) {axis = 0 : i64, sizes = array<i64: 2, 2, 2>} : (tensor<6xf32>) -> (tensor<2xf32>, tensor<2xf32>, tensor<2xf32>)
  %0 = "ms.concat"(%a, %b) {axis = 0 : i64} : (tensor<2xf32>, tensor<2xf32>) -> tensor<4xf32>
  func.return %0 : tensor<4xf32>
}

// ms.concat: concat of split
func.func @parts_and_one_more(%x: tensor<4xf32>) -> tensor<6xf32> {
  %a, %b = "ms.split"(%x) {axis = 0 : i64, sizes = array<i64: 2, 2>} : (tensor<4xf32>) -> (tensor<2xf32>, tensor<2xf32>)
  %0 = "ms.concat"(%a, %b, %a) {axis = 0 : i64} : (tensor<2xf32>, tensor<2xf32>, tensor<2xf32>) -> tensor<6xf32>
  func.return %0 : tensor<6xf32>
}

// ms.concat: concat of split
func.func @parts_turned(%x: tensor<4xf32>) -> tensor<4xf32> {
  %a, %b = "ms.split"(%x) {axis = 0 : i64, sizes = array<i64: 2, 2>} : (tensor<4xf32>) -> (tensor<2xf32>, tensor<2xf32>)
  %0 = "ms.concat"(%b, %a) {axis = 0 : i64} : (tensor<2xf32>, tensor<2xf32>) -> tensor<4xf32>
  func.return %0 : tensor<4xf32>
}

// ms.concat: concat of split
func.func @parts_along_another_axis(%x: tensor<4x2xf32>) -> tensor<2x4xf32> {
  %a, %b = "ms.split"(%x) {axis = 0 : i64, sizes = array<i64: 2, 2>} : (tensor<4x2xf32>) -> (tensor<2x2xf32>, tensor<2x2xf32>)
  %0 = "ms.concat"(%a, %b) {axis = 1 : i64} : (tensor<2x2xf32>, tensor<2x2xf32>) -> tensor<2x4xf32>
  func.return %0 : tensor<2x4xf32>
}

// ms.split: split of concat
func.func @split_elsewhere(%x: tensor<2xf32>, %y: tensor<4xf32>) -> (tensor<4xf32>, tensor<2xf32>) {
  %c = "ms.concat"(%x, %y) {axis = 0 : i64} : (tensor<2xf32>, tensor<4xf32>) -> tensor<6xf32>
  %0, %1 = "ms.split"(%c) {axis = 0 : i64, sizes = array<i64: 4, 2>} : (tensor<6xf32>) -> (tensor<4xf32>, tensor<2xf32>)
  func.return %0, %1 : tensor<4xf32>, tensor<2xf32>
}

// ms.concat: concat of concat
func.func @concat_along_another_axis(%x: tensor<1x2xf32>, %y: tensor<1x2xf32>, %z: tensor<2x2xf32>) -> tensor<2x4xf32> {
  %c = "ms.concat"(%x, %y) {axis = 0 : i64} : (tensor<1x2xf32>, tensor<1x2xf32>) -> tensor<2x2xf32>
  %0 = "ms.concat"(%c, %z) {axis = 1 : i64} : (tensor<2x2xf32>, tensor<2x2xf32>) -> tensor<2x4xf32>
  func.return %0 : tensor<2x4xf32>
}

// ms.slice: slice of concat
func.func @slice_over_the_seam(%x: tensor<3xf32>, %y: tensor<3xf32>) -> tensor<2xf32> {
  %c = "ms.concat"(%x, %y) {axis = 0 : i64} : (tensor<3xf32>, tensor<3xf32>) -> tensor<6xf32>
  %0 = "ms.slice"(%c) {axes = array<i64: 0>, begins = array<i64: 2>, ends = array<i64: 4>, strides = array<i64: 1>} : (tensor<6xf32>) -> tensor<2xf32>
  func.return %0 : tensor<2xf32>
}

// ms.transpose: transpose that moves only extents of 1
func.func @moves_data(%x: tensor<2x1x3xf32>) -> tensor<3x1x2xf32> {
  %0 = "ms.transpose"(%x) {permutation = array<i64: 2, 1, 0>} : (tensor<2x1x3xf32>) -> tensor<3x1x2xf32>
  func.return %0 : tensor<3x1x2xf32>
}

// ms.pad: pad of pad
func.func @pads_of_two_values(%x: tensor<2xf32>) -> tensor<4xf32> {
  %0 = "ms.pad"(%x) {low = array<i64: 1>, high = array<i64: 0>, mode = "constant", value = 7.0 : f32} : (tensor<2xf32>) -> tensor<3xf32>
  %1 = "ms.pad"(%0) {low = array<i64: 1>, high = array<i64: 0>, mode = "constant", value = 8.0 : f32} : (tensor<3xf32>) -> tensor<4xf32>
  func.return %1 : tensor<4xf32>
}

// ms.pad: pad of pad
func.func @reflected_twice(%x: tensor<3xf32>) -> tensor<7xf32> {
  %0 = "ms.pad"(%x) {low = array<i64: 2>, high = array<i64: 0>, mode = "reflect", value = 0.0 : f32} : (tensor<3xf32>) -> tensor<5xf32>
  %1 = "ms.pad"(%0) {low = array<i64: 2>, high = array<i64: 0>, mode = "reflect", value = 0.0 : f32} : (tensor<5xf32>) -> tensor<7xf32>
  func.return %1 : tensor<7xf32>
}

// ms.tile: tile of extents of 1
func.func @tile_of_two(%x: tensor<1x2xf32>) -> tensor<3x4xf32> {
  %0 = "ms.tile"(%x) {repeats = array<i64: 3, 2>} : (tensor<1x2xf32>) -> tensor<3x4xf32>
  func.return %0 : tensor<3x4xf32>
}

// ms.reverse: reverse of reverse
func.func @reversed_along_two(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "ms.reverse"(%x) {axes = array<i64: 0>} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %1 = "ms.reverse"(%0) {axes = array<i64: 1>} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  func.return %1 : tensor<2x3xf32>
}

// ms.roll: roll of roll
func.func @rolled_along_two(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = "ms.roll"(%x) {axis = 0 : i64, shift = 1 : i64} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %1 = "ms.roll"(%0) {axis = 1 : i64, shift = 1 : i64} : (tensor<2x3xf32>) -> tensor<2x3xf32>
  func.return %1 : tensor<2x3xf32>
}

// ms.cast: cast of a widening cast
func.func @narrow_in_between(%x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = "ms.cast"(%x) : (tensor<4xf32>) -> tensor<4xi32>
  %1 = "ms.cast"(%0) : (tensor<4xi32>) -> tensor<4xf32>
  func.return %1 : tensor<4xf32>
}

// ms.clamp: applied twice
func.func @clamped_narrower(%x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = "ms.clamp"(%x) {low = -1.0 : f32, high = 1.0 : f32} : (tensor<4xf32>) -> tensor<4xf32>
  %1 = "ms.clamp"(%0) {low = -0.25 : f32, high = 0.25 : f32} : (tensor<4xf32>) -> tensor<4xf32>
  func.return %1 : tensor<4xf32>
}

// ms.reduce_sum: reduction of reduction
func.func @kept_and_dropped(%x: tensor<2x3x4xf32>) -> tensor<2x1xf32> {
  %0 = "ms.reduce_sum"(%x) {axes = array<i64: 1>, keep_dims = true} : (tensor<2x3x4xf32>) -> tensor<2x1x4xf32>
  %1 = "ms.reduce_sum"(%0) {axes = array<i64: 2>, keep_dims = false} : (tensor<2x1x4xf32>) -> tensor<2x1xf32>
  func.return %1 : tensor<2x1xf32>
}

// ms.cumsum: scan along an extent of 1
func.func @exclusive_scan(%x: tensor<1x3xf32>) -> tensor<1x3xf32> {
  %0 = "ms.cumsum"(%x) {axis = 0 : i64, exclusive = true, reverse = false} : (tensor<1x3xf32>) -> tensor<1x3xf32>
  func.return %0 : tensor<1x3xf32>
}

// ms.logical_not: not of a comparison
func.func @not_less_of_floats(%x: tensor<3xf32>, %y: tensor<3xf32>) -> tensor<3xi1> {
  %0 = "ms.less"(%x, %y) : (tensor<3xf32>, tensor<3xf32>) -> tensor<3xi1>
  %1 = "ms.logical_not"(%0) : (tensor<3xi1>) -> tensor<3xi1>
  func.return %1 : tensor<3xi1>
}

// ms.batch_norm: batch_norm of conv2d
func.func @normed_map_used_twice(%x: tensor<1x2x3x3xf32>, %w: tensor<2x2x3x3xf32>, %g: tensor<2xf32>, %v: tensor<2xf32>) -> (tensor<1x2x1x1xf32>, tensor<1x2x1x1xf32>) {
  %c = "ms.conv2d"(%x, %w) {strides = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, dilations = array<i64: 1, 1>, group = 1 : i64} : (tensor<1x2x3x3xf32>, tensor<2x2x3x3xf32>) -> tensor<1x2x1x1xf32>
  %0 = "ms.batch_norm"(%c, %g, %g, %g, %v) {epsilon = 9.0 : f32} : (tensor<1x2x1x1xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>) -> tensor<1x2x1x1xf32>
  func.return %c, %0 : tensor<1x2x1x1xf32>, tensor<1x2x1x1xf32>
}

// ms.div: division by a power of two
func.func @division_by_three(%x: tensor<3xf32>) -> tensor<3xf32> {
  %o = "ms.constant"() {value = dense<3.0> : tensor<f32>} : () -> tensor<f32>
  %0 = "ms.div"(%x, %o) : (tensor<3xf32>, tensor<f32>) -> tensor<3xf32>
  func.return %0 : tensor<3xf32>
}

// ms.mul: times 0
func.func @floats_times_zero(%x: tensor<3xf32>) -> tensor<3xf32> {
  %z = "ms.constant"() {value = dense<0.0> : tensor<f32>} : () -> tensor<f32>
  %0 = "ms.mul"(%x, %z) : (tensor<3xf32>, tensor<f32>) -> tensor<3xf32>
  func.return %0 : tensor<3xf32>
}

// ms.add: operand broadcast before an op that broadcasts
func.func @broadcast_that_makes_the_shape(%x: tensor<3xf32>) -> tensor<2x3xf32> {
  %b = "ms.broadcast_to"(%x) : (tensor<3xf32>) -> tensor<2x3xf32>
  %0 = "ms.add"(%b, %x) : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
  func.return %0 : tensor<2x3xf32>
}

// ms.add: constant of one number as a scalar
func.func @splat_gives_the_shape(%x: tensor<3xf32>) -> tensor<2x3xf32> {
  %c = "ms.constant"() {value = dense<2.5> : tensor<2x3xf32>} : () -> tensor<2x3xf32>
  %0 = "ms.add"(%x, %c) : (tensor<3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  func.return %0 : tensor<2x3xf32>
}

// ms.add: sum of padded pieces side by side
func.func @pieces_apart(%x: tensor<1x3xf32>, %y: tensor<2x3xf32>) -> tensor<5x3xf32> {
  %0 = "ms.pad"(%x) {low = array<i64: 4, 0>, high = array<i64: 0, 0>, mode = "constant", value = 0.0 : f32} : (tensor<1x3xf32>) -> tensor<5x3xf32>
  %1 = "ms.pad"(%y) {low = array<i64: 1, 0>, high = array<i64: 2, 0>, mode = "constant", value = 0.0 : f32} : (tensor<2x3xf32>) -> tensor<5x3xf32>
  %2 = "ms.add"(%0, %1) : (tensor<5x3xf32>, tensor<5x3xf32>) -> tensor<5x3xf32>
  func.return %2 : tensor<5x3xf32>
}
