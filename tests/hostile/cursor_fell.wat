;; Two records in the wrong order.
(data (i32.const 4096) "{\"at\":2}\0a{\"at\":1}\0a")
(func $next (param i32 i32 i32) (result i32) (call $page (i32.const 4096) (i32.const 18)))
