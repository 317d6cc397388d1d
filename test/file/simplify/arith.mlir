// msc opt --canonicalize
func.func @identities(%x: i32, %f: f32, %c: i1) -> (i32, i32, f32, i32, i1, i32, i32) {
  %zero = arith.constant 0 : i32
  %one = arith.constant 1 : i32
  %fone = arith.constant 1.0 : f32
  %0 = arith.addi %zero, %x : i32
  %1 = arith.muli %0, %one : i32
  %2 = arith.subi %x, %x : i32
  %3 = arith.mulf %f, %fone : f32
  %4 = arith.muli %zero, %x : i32
  %5 = arith.cmpi sle, %x, %x : i32
  %6 = arith.select %c, %x, %x : i32
  %five = arith.constant 5 : i32
  %7 = arith.addi %x, %five : i32
  %8 = arith.addi %7, %five : i32
  return %1, %2, %3, %4, %5, %6, %8 : i32, i32, f32, i32, i1, i32, i32
}
func.func @folds() -> (i8, i32, i1, f16, i64, index) {
  %a = arith.constant 100 : i8
  %0 = arith.addi %a, %a : i8
  %b = arith.constant -7 : i32
  %two = arith.constant 2 : i32
  %1 = arith.floordivsi %b, %two : i32
  %2 = arith.cmpi ult, %b, %two : i32
  %h = arith.constant 0.1 : f16
  %3 = arith.addf %h, %h : f16
  %4 = arith.extsi %b : i32 to i64
  %5 = arith.index_cast %4 : i64 to index
  return %0, %1, %2, %3, %4, %5 : i8, i32, i1, f16, i64, index
}
func.func @undefined() -> i32 {
  %zero = arith.constant 0 : i32
  %one = arith.constant 1 : i32
  %0 = arith.divsi %one, %zero : i32
  return %0 : i32
}
// ---- output ----
module {
  func.func @identities(%x: i32, %f: f32, %c: i1) -> (i32, i32, f32, i32, i1, i32, i32) {
    %zero = arith.constant 0 : i32
    %0 = arith.constant 0 : i32
    %1 = arith.constant true
    %2 = arith.constant 10 : i32
    %3 = arith.addi %x, %2 : i32
    return %x, %0, %f, %zero, %1, %x, %3 : i32, i32, f32, i32, i1, i32, i32
  }
  func.func @folds() -> (i8, i32, i1, f16, i64, index) {
    %0 = arith.constant -56 : i8
    %1 = arith.constant -4 : i32
    %2 = arith.constant false
    %3 = arith.constant 1.999512e-01 : f16
    %4 = arith.constant -7 : i64
    %5 = arith.constant -7 : index
    return %0, %1, %2, %3, %4, %5 : i8, i32, i1, f16, i64, index
  }
  func.func @undefined() -> i32 {
    %zero = arith.constant 0 : i32
    %one = arith.constant 1 : i32
    %0 = arith.divsi %one, %zero : i32
    return %0 : i32
  }
}
