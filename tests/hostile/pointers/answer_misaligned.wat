;; An answer at an odd address.
(func $discover (result i32) (drop (call $page (i32.const 0) (i32.const 0))) (i32.const 65))
