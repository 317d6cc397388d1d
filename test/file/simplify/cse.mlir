// msc opt --cse
func.func private @unknown(i32) -> i32
func.func private @pure(%x: i32) -> i32 {
  %0 = arith.muli %x, %x : i32
  return %0 : i32
}
func.func @f(%x: i32, %y: i32, %c: i1) -> (i32, i32, i32, i32, i32, i32) {
  %0 = arith.addi %x, %y : i32
  %1 = arith.addi %y, %x : i32
  %2 = arith.subi %x, %y : i32
  %3 = arith.subi %y, %x : i32
  %4 = scf.if %c -> (i32) {
    %a = arith.addi %x, %y : i32
    %b = arith.muli %a, %a : i32
    scf.yield %b : i32
  } else {
    %a = arith.muli %0, %0 : i32
    scf.yield %a : i32
  }
  %5 = func.call @unknown(%x) : (i32) -> i32
  %6 = func.call @unknown(%x) : (i32) -> i32
  %7 = func.call @pure(%x) : (i32) -> i32
  %8 = func.call @pure(%x) : (i32) -> i32
  %9 = arith.addi %1, %4 : i32
  return %9, %2, %3, %5, %6, %8 : i32, i32, i32, i32, i32, i32
}
// ---- output ----
module {
  func.func private @unknown(i32) -> i32
  func.func private @pure(%x: i32) -> i32 {
    %0 = arith.muli %x, %x : i32
    return %0 : i32
  }
  func.func @f(%x: i32, %y: i32, %c: i1) -> (i32, i32, i32, i32, i32, i32) {
    %a = arith.addi %x, %y : i32
    %0 = arith.subi %x, %y : i32
    %1 = arith.subi %y, %x : i32
    %2 = scf.if %c -> (i32) {
      %b = arith.muli %a, %a : i32
      scf.yield %b : i32
    } else {
      %a_0 = arith.muli %a, %a : i32
      scf.yield %a_0 : i32
    }
    %3 = func.call @unknown(%x) : (i32) -> i32
    %4 = func.call @unknown(%x) : (i32) -> i32
    %5 = func.call @pure(%x) : (i32) -> i32
    %6 = arith.addi %a, %2 : i32
    return %6, %0, %1, %3, %4, %5 : i32, i32, i32, i32, i32, i32
  }
}
