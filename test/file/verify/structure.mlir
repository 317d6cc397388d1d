// msc opt --split-input-file --verify-diagnostics --mlir-print-op-generic
// expected-error@+1 {{types of the returned values are (i32), expected (f32)}}
func.func @f(%x: i32) -> f32 {
  return %x : i32
}

// -----

// expected-error@+1 {{a region of 'func.func' must end in func.return, found arith.constant}}
func.func @f() {
  %0 = arith.constant 1 : i32
}

// -----

func.func @f() {
  // expected-error@+1 {{'func.return' must be the last operation of its block}}
  return
  return
}

// -----

func.func @f(%c: i1, %x: f32) {
  // expected-error@+1 {{types of the yielded values are (f32), expected (i32)}}
  %0 = scf.if %c -> (i32) {
    scf.yield %x : f32
  } else {
    %1 = arith.constant 1 : i32
    scf.yield %1 : i32
  }
  return
}

// -----

func.func @f() {
  // expected-error@+1 {{'func.call' refers to '@g', which is not defined}}
  func.call @g() : () -> ()
  return
}

// -----

func.func private @g(i32) -> f32
func.func @f(%x: i64) {
  // expected-error@+1 {{call of '@g' has type (i64) -> f32, the function has type (i32) -> f32}}
  %0 = func.call @g(%x) : (i64) -> f32
  return
}

// -----

func.func @f() { return }
// expected-error@+1 {{symbol '@f' is already defined}}
func.func @f() { return }

// -----

// expected-error@+1 {{operation 'foo.bar' has no definition}}
"foo.bar"() : () -> ()

// -----

func.func @f(%x: i32, %y: i64) {
  // expected-error@+1 {{'arith.addi' violates C1: the operands have one type; types are i32 and i64}}
  %0 = "arith.addi"(%x, %y) : (i32, i64) -> i32
  // expected-error@+1 {{result #0 of 'arith.addi' has type i64, but its operands give i32}}
  %1 = "arith.addi"(%x, %x) : (i32, i32) -> i64
  // expected-error@+1 {{'arith.addi' number of operands is 1, expected 2}}
  %2 = "arith.addi"(%x) : (i32) -> i32
  // expected-error@+1 {{'arith.cmpi' attribute 'predicate' is missing}}
  %3 = "arith.cmpi"(%x, %x) : (i32, i32) -> i1
  return
}

// -----

module attributes {ms.stage = "graph"} {
  // expected-error@+1 {{'npu.copy' is not legal at stage graph: it allows}}
  "npu.copy"() : () -> ()
}

// -----

// expected-error@unknown {{unknown stage "grap", expected one of source, graph}}
module attributes {ms.stage = "grap"} {
}
// ---- output ----
// -----
// -----
// -----
// -----
// -----
// -----
// -----
// -----
// -----
// -----
