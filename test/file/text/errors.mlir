// msc opt --split-input-file --verify-diagnostics --allow-unregistered-dialect
// Several errors in one run: each operation is read on its own.
func.func @f(%x: i32) -> i32 {
  // expected-error@+1 {{value '%y' is not defined here}}
  %0 = arith.addi %x, %y : i32
  %1 = arith.addi %0, %0
  // expected-error@+2 {{expected ':', found '%2'}}
  // expected-error@+1 {{operand 1' has type i32, but i64 is stated here}} expected-error@+1 {{operand 0' has type i32}}
  %2 = arith.addi %x, %x : i64
  // expected-error@+1 {{unknown operation 'foo.bar'}}
  %3 = foo.bar %x : i32
  // expected-error@+1 {{value '%x' is already defined}}
  %x = arith.constant 1 : i32
  // expected-error@+1 {{300 does not fit i8}}
  %4 = arith.constant 300 : i8
  return %1 : i32
}

// -----

// expected-error@+1 {{alias '#nowhere' is not defined}}
"a.b"() {x = #nowhere} : () -> ()

// -----

// expected-error@+1 {{1 results named, but 0 stated}}
%0 = "a.b"() : () -> ()

// -----

"a.b"() ({
  "a.c"() : () -> ()
// expected-error@+1 {{a second block in a region is not supported}}
^bb1:
  "a.d"() : () -> ()
}) : () -> ()

// -----

// expected-error@+1 {{malformed type}}
%0 = "a.b"() : () -> tensor<2x?xf32, #ms.enc<dims = [3, "n"]>>

// -----

// expected-error@+1 {{2 elements in this list, but 3 stated}}
"a.b"() {x = dense<[1, 2]> : tensor<3xi32>} : () -> ()

// -----

// expected-error@+1 {{no token begins with}}
"a.b"() {x = "unfinished} : () -> ()

// -----

func.func @unclosed() {
  return
// expected-error@+1 {{expected an operation or '}', found end of the text}}
// ---- output ----
// -----
// -----
// -----
// -----
// -----
// -----
// -----
