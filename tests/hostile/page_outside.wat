;; A page that lies outside of its memory.
(func $next (param i32 i32 i32) (result i32) (call $page (i32.const 0x7ffffff0) (i32.const 64)))
