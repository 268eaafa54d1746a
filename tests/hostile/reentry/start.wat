;; Calls the host before it is put together.
(start $early)
(func $early (call $sleep (i32.const 0)))
