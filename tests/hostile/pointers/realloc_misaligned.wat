;; Gives the host room at an odd address, whatever it asked for.
(func $realloc (param i32 i32 i32 i32) (result i32) (i32.const 65537))
