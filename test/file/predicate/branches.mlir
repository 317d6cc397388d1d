// msc opt --predicate
module attributes {ms.stage = "graph"} {
func.func @cheap(%x: tensor<4x8xf32>, %g: tensor<4x8xf32>, %stop: tensor<i1>) -> (tensor<4x8xf32>) {
  %c = "tensor.extract"(%stop) : (tensor<i1>) -> i1
  %y = "scf.if"(%c) ({
    "scf.yield"(%x) : (tensor<4x8xf32>) -> ()
  }, {
    %a = "ms.sub"(%x, %g) : (tensor<4x8xf32>, tensor<4x8xf32>) -> tensor<4x8xf32>
    "scf.yield"(%a) : (tensor<4x8xf32>) -> ()
  }) : (i1) -> tensor<4x8xf32>
  func.return %y : tensor<4x8xf32>
}
func.func @nested(%x: tensor<8xf32>, %p: tensor<i1>, %q: tensor<i1>) -> (tensor<8xf32>) {
  %c = "tensor.extract"(%p) : (tensor<i1>) -> i1
  %y = "scf.if"(%c) ({
    %d = "tensor.extract"(%q) : (tensor<i1>) -> i1
    %z = "scf.if"(%d) ({
      %a = "ms.exp"(%x) : (tensor<8xf32>) -> tensor<8xf32>
      "scf.yield"(%a) : (tensor<8xf32>) -> ()
    }, {
      "scf.yield"(%x) : (tensor<8xf32>) -> ()
    }) : (i1) -> tensor<8xf32>
    %b = "ms.neg"(%z) : (tensor<8xf32>) -> tensor<8xf32>
    "scf.yield"(%b) : (tensor<8xf32>) -> ()
  }, {
    "scf.yield"(%x) : (tensor<8xf32>) -> ()
  }) : (i1) -> tensor<8xf32>
  func.return %y : tensor<8xf32>
}
func.func @dear(%x: tensor<2048x2048xf32>, %p: tensor<i1>) -> (tensor<2048x2048xf32>) {
  %c = "tensor.extract"(%p) : (tensor<i1>) -> i1
  %y = "scf.if"(%c) ({
    %a = "ms.exp"(%x) : (tensor<2048x2048xf32>) -> tensor<2048x2048xf32>
    "scf.yield"(%a) : (tensor<2048x2048xf32>) -> ()
  }, {
    "scf.yield"(%x) : (tensor<2048x2048xf32>) -> ()
  }) : (i1) -> tensor<2048x2048xf32>
  func.return %y : tensor<2048x2048xf32>
}
func.func @speaks(%x: tensor<8xf32>, %p: tensor<i1>) -> (tensor<8xf32>) {
  %c = "tensor.extract"(%p) : (tensor<i1>) -> i1
  %y = "scf.if"(%c) ({
    "ms.print"(%x) {format = "{}"} : (tensor<8xf32>) -> ()
    "scf.yield"(%x) : (tensor<8xf32>) -> ()
  }, {
    %a = "ms.neg"(%x) : (tensor<8xf32>) -> tensor<8xf32>
    "scf.yield"(%a) : (tensor<8xf32>) -> ()
  }) : (i1) -> tensor<8xf32>
  func.return %y : tensor<8xf32>
}
}
// ---- output ----
module attributes {ms.stage = "graph"} {
  func.func @cheap(%x: tensor<4x8xf32>, %g: tensor<4x8xf32>, %stop: tensor<i1>) -> tensor<4x8xf32> {
    %c = tensor.extract %stop[] : tensor<i1>
    %a = ms.sub %x, %g : tensor<4x8xf32>
    %y = ms.select %stop, %x, %a : (tensor<i1>, tensor<4x8xf32>, tensor<4x8xf32>) -> tensor<4x8xf32>
    return %y : tensor<4x8xf32>
  }
  func.func @nested(%x: tensor<8xf32>, %p: tensor<i1>, %q: tensor<i1>) -> tensor<8xf32> {
    %c = tensor.extract %p[] : tensor<i1>
    %d = tensor.extract %q[] : tensor<i1>
    %a = ms.exp %x : tensor<8xf32>
    %z = ms.select %q, %a, %x : (tensor<i1>, tensor<8xf32>, tensor<8xf32>) -> tensor<8xf32>
    %b = ms.neg %z : tensor<8xf32>
    %y = ms.select %p, %b, %x : (tensor<i1>, tensor<8xf32>, tensor<8xf32>) -> tensor<8xf32>
    return %y : tensor<8xf32>
  }
  func.func @dear(%x: tensor<2048x2048xf32>, %p: tensor<i1>) -> tensor<2048x2048xf32> {
    %c = tensor.extract %p[] : tensor<i1>
    %y = scf.if %c -> (tensor<2048x2048xf32>) {
      %a = ms.exp %x : tensor<2048x2048xf32>
      scf.yield %a : tensor<2048x2048xf32>
    } else {
      scf.yield %x : tensor<2048x2048xf32>
    }
    return %y : tensor<2048x2048xf32>
  }
  func.func @speaks(%x: tensor<8xf32>, %p: tensor<i1>) -> tensor<8xf32> {
    %c = tensor.extract %p[] : tensor<i1>
    %y = scf.if %c -> (tensor<8xf32>) {
      ms.print %x {format = "{}"} : tensor<8xf32>
      scf.yield %x : tensor<8xf32>
    } else {
      %a = ms.neg %x : tensor<8xf32>
      scf.yield %a : tensor<8xf32>
    }
    return %y : tensor<8xf32>
  }
}
