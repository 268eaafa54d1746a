;; Crashes where the host asks it for room.
(func $realloc (param i32 i32 i32 i32) (result i32) (unreachable))
