// msc opt --verify-roundtrip
module attributes {ms.stage = "graph"} {
  func.func @main(%x: tensor<2x?x16xf32, #ms.enc<dims = [2, "s", 16]>>, %y: tensor<4x4xf16, #ms.enc<layout = "NZ", shard = "{dp:0}">>, %z: tensor<f32>, %u: tensor<0x3xui8>, %v: tensor<?xbf16>) -> tensor<2x?x16xf32, #ms.enc<dims = [2, "s", 16]>> {
    %0 = ms.add %x, %x : tensor<2x?x16xf32, #ms.enc<dims = [2, "s", 16]>>
    %1 = ms.reduce_sum %y {axes = [1], keep_dims = false} : (tensor<4x4xf16, #ms.enc<layout = "NZ", shard = "{dp:0}">>) -> tensor<4xf16>
    %2 = ms.constant {value = dense<[1.5, -0.0, 0x7C00, 65504.0]> : tensor<4xf16>} : tensor<4xf16>
    return %0 : tensor<2x?x16xf32, #ms.enc<dims = [2, "s", 16]>>
  }
}
// ---- output ----
module attributes {ms.stage = "graph"} {
  func.func @main(%x: tensor<2x?x16xf32, #ms.enc<dims = [2, "s", 16]>>, %y: tensor<4x4xf16, #ms.enc<layout = "NZ", shard = "{dp:0}">>, %z: tensor<f32>, %u: tensor<0x3xui8>, %v: tensor<?xbf16>) -> tensor<2x?x16xf32, #ms.enc<dims = [2, "s", 16]>> {
    %0 = ms.add %x, %x : tensor<2x?x16xf32, #ms.enc<dims = [2, "s", 16]>>
    %1 = ms.reduce_sum %y {axes = [1], keep_dims = false} : (tensor<4x4xf16, #ms.enc<layout = "NZ", shard = "{dp:0}">>) -> tensor<4xf16>
    %2 = ms.constant {value = dense<[1.500000e+00, -0.000000e+00, 0x7C00, 6.550400e+04]> : tensor<4xf16>} : tensor<4xf16>
    return %0 : tensor<2x?x16xf32, #ms.enc<dims = [2, "s", 16]>>
  }
}
