;; Goes on at a place before the page before.
(global $at (mut i32) (i32.const 4096))
(data (i32.const 4096) "{\"at\":5}\0a{\"at\":3}\0a")
(func $next (param i32 i32 i32) (result i32)
  (drop (call $page (global.get $at) (i32.const 9)))
  (global.set $at (i32.const 4105))
  (i32.const 64))
