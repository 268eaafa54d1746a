;; Opens a reader that it has dropped.
(import "[export]weighbridge:connector/source@0.1.0" "[resource-drop]reader" (func $drop_reader (param i32)))
(global $opened (mut i32) (i32.const 0))
(func $open_reader (param i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32) (result i32)
  (drop (call $zero_result))
  (global.set $opened (call $new_reader (i32.const 1)))
  (call $drop_reader (global.get $opened))
  (i32.store (i32.const 72) (global.get $opened))
  (i32.const 64))
