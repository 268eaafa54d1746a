;; Says that there is more, and gives a record each two hundredth time: this is allowed.
(global $asked (mut i32) (i32.const 0))
(data (i32.const 4096) "{}\0a")
(func $next (param i32 i32 i32) (result i32)
  (global.set $asked (i32.add (global.get $asked) (i32.const 1)))
  (drop (call $page (i32.const 4096) (select (i32.const 0) (i32.const 3) (i32.rem_u (global.get $asked) (i32.const 200)))))
  (call $page_more)
  (i32.const 64))
