// Whole functions: calls, control flow, scalars, symbolic dimensions.

func.func @twice(%x: tensor<2xf32>) -> tensor<2xf32> {
  %0 = "ms.add"(%x, %x) : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  func.return %0 : tensor<2xf32>
}

func.func @calls(%x: tensor<2xf32>) -> tensor<2xf32> {
  %0 = func.call @twice(%x) : (tensor<2xf32>) -> tensor<2xf32>
  %1 = func.call @twice(%0) : (tensor<2xf32>) -> tensor<2xf32>
  func.return %1 : tensor<2xf32>
}
// eval: @calls([1, -3]) = [4, -12]

func.func @branch(%c: tensor<i1>, %x: tensor<2xf32>) -> tensor<2xf32> {
  %s = "tensor.extract"(%c) : (tensor<i1>) -> i1
  %0 = "scf.if"(%s) ({
    %1 = "ms.neg"(%x) : (tensor<2xf32>) -> tensor<2xf32>
    "scf.yield"(%1) : (tensor<2xf32>) -> ()
  }, {
    "scf.yield"(%x) : (tensor<2xf32>) -> ()
  }) : (i1) -> tensor<2xf32>
  func.return %0 : tensor<2xf32>
}
// eval: @branch(true, [1, 2]) = [-1, -2]
// eval: @branch(false, [1, 2]) = [1, 2]

func.func @sum_rows(%x: tensor<3x2xf32>) -> tensor<2xf32> {
  %zero = "arith.constant"() {value = 0 : i32} : () -> i32
  %three = "arith.constant"() {value = 3 : i32} : () -> i32
  %one = "arith.constant"() {value = 1 : i32} : () -> i32
  %start = "ms.constant"() {value = dense<0.0> : tensor<2xf32>} : () -> tensor<2xf32>
  %0 = "scf.for"(%zero, %three, %one, %start) ({
  ^bb0(%i: i32, %sum: tensor<2xf32>):
    %at = "tensor.from_elements"(%i) : (i32) -> tensor<i32>
    %row = "ms.gather"(%x, %at) {axis = 0 : i64} : (tensor<3x2xf32>, tensor<i32>) -> tensor<2xf32>
    %next = "ms.add"(%sum, %row) : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
    "scf.yield"(%next) : (tensor<2xf32>) -> ()
  }) : (i32, i32, i32, tensor<2xf32>) -> tensor<2xf32>
  func.return %0 : tensor<2xf32>
}
// eval: @sum_rows([[1, 2], [3, 4], [5, 7]]) = [9, 13]

func.func @double_until(%x: tensor<i32>, %limit: tensor<i32>) -> tensor<i32> {
  %0 = "scf.while"(%x) ({
  ^bb0(%a: tensor<i32>):
    %c = "ms.less"(%a, %limit) : (tensor<i32>, tensor<i32>) -> tensor<i1>
    %s = "tensor.extract"(%c) : (tensor<i1>) -> i1
    "scf.condition"(%s, %a) : (i1, tensor<i32>) -> ()
  }, {
  ^bb0(%a: tensor<i32>):
    %b = "ms.add"(%a, %a) : (tensor<i32>, tensor<i32>) -> tensor<i32>
    "scf.yield"(%b) : (tensor<i32>) -> ()
  }) : (tensor<i32>) -> tensor<i32>
  func.return %0 : tensor<i32>
}
// eval: @double_until(3, 20) = 24
// eval: @double_until(30, 20) = 30

func.func @scalars(%x: tensor<2xi32>) -> (tensor<i32>, tensor<i1>) {
  %zero = "arith.constant"() {value = 0 : index} : () -> index
  %one = "arith.constant"() {value = 1 : index} : () -> index
  %a = "tensor.extract"(%x, %zero) : (tensor<2xi32>, index) -> i32
  %b = "tensor.extract"(%x, %one) : (tensor<2xi32>, index) -> i32
  %p = "arith.muli"(%a, %b) : (i32, i32) -> i32
  %l = "arith.cmpi"(%a, %b) {predicate = 2 : i64} : (i32, i32) -> i1
  %0 = "tensor.from_elements"(%p) : (i32) -> tensor<i32>
  %1 = "tensor.from_elements"(%l) : (i1) -> tensor<i1>
  func.return %0, %1 : tensor<i32>, tensor<i1>
}
// eval: @scalars([6, 7]) = 42, true
