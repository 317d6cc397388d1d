// msc opt --allow-unregistered-dialect --verify-roundtrip
// Names are kept and made unique; sibling regions may use one name twice.
func.func @f(%input.x: i32, %arg7: i32) {
  %a = "foo.a"() : () -> i32
  "foo.region"() ({
    %b = "foo.b"(%a) : (i32) -> i32
  }, {
    %b = "foo.b"(%a) : (i32) -> i32
    %b_0 = "foo.b"(%b) : (i32) -> i32
  }) : () -> ()
  %17:2 = "foo.two"() : () -> (i32, i32)
  %one, %two:2 = "foo.three"(%17#1) : (i32) -> (i32, i32, i32)
  "foo.use"(%one, %two#0, %two#1, %17#0, %input.x, %arg7) : (i32, i32, i32, i32, i32, i32) -> ()
  return
}
// ---- output ----
module {
  func.func @f(%input.x: i32, %arg0: i32) {
    %a = "foo.a"() : () -> i32
    "foo.region"() ({
      %b = "foo.b"(%a) : (i32) -> i32
    }, {
      %b_0 = "foo.b"(%a) : (i32) -> i32
      %b_0_0 = "foo.b"(%b_0) : (i32) -> i32
    }) : () -> ()
    %0:2 = "foo.two"() : () -> (i32, i32)
    %one:3 = "foo.three"(%0#1) : (i32) -> (i32, i32, i32)
    "foo.use"(%one#0, %one#1, %one#2, %0#0, %input.x, %arg0) : (i32, i32, i32, i32, i32, i32) -> ()
    return
  }
}
