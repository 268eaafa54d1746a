;; A page of as many bytes as are asked for: records of 128 bytes, made by doubling the first.
(memory $memory 4)
(global $made (mut i32) (i32.const 128))
(data (i32.const 131072) "{\"id\":1000001,\"number\":\"SO-1000001\",\"customer\":{\"id\":47110,\"name\":\"Alder & Sons\"},\"total\":\"1234.50\",\"status\":\"paid\",\"notes\":\"\"}\0a")
(func $next (param i32 i32) (param $bytes i32) (result i32)
  (block $enough (loop $double
    (br_if $enough (i32.ge_u (global.get $made) (local.get $bytes)))
    (memory.copy (i32.add (i32.const 131072) (global.get $made)) (i32.const 131072) (global.get $made))
    (global.set $made (i32.shl (global.get $made) (i32.const 1)))
    (br $double)))
  (call $page (i32.const 131072) (local.get $bytes)))
