(memory $memory 2)

(func $realloc (param i32 i32 i32) (param $size i32) (result i32)
  (local $at i32)
  (local.set $at (i32.and (i32.add (global.get $heap) (i32.const 7)) (i32.const -8)))
  (global.set $heap (i32.add (local.get $at) (local.get $size)))
  (call $grow_to (global.get $heap))
  (local.get $at))

(func $check (result i32) (call $zero_result))

(func $discover (result i32) (call $zero_result))

(func $receive (param i32 i32 i32 i32 i32 i32 i32 i32) (result i32)
  (drop (call $zero_result))
  (i32.store16 (i32.const 72) (i32.const 204))
  (i32.const 64))

(func $on (param i32) (result i32) (call $zero_result))

(func $open_reader (param i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32) (result i32)
  (drop (call $zero_result))
  (i32.store (i32.const 72) (call $new_reader (i32.const 1)))
  (i32.const 64))

(func $next (param i32 i32 i32) (result i32) (call $page (i32.const 0) (i32.const 0)))

(func $acknowledge (param i32 i32 i32) (result i32) (call $zero_result))

(func $open_writer (param i32 i32 i32 i32 i32 i32 i32 i32) (result i32)
  (drop (call $zero_result))
  (i32.store (i32.const 72) (call $new_writer (i32.const 1)))
  (i32.const 64))

(func $write (param i32 i32 i32) (param $first i32) (param i32 i32) (result i32) (call $receipt (i32.const 1)))

(func $remove (param i32 i32 i32) (param $first i32) (param i32 i32) (result i32) (call $receipt (i32.const 1)))

(func $finish (param i32) (result i32) (call $zero_result))

(func $abandon (param i32 i32 i32 i32) (result i32) (call $zero_result))
