;; Fills with tables what it may not fill with memory: each is allowed alone, the total is not.
(table $table 1 funcref)
(func $check (result i32)
  (drop (memory.grow (i32.const 1020)))
  (drop (table.grow $table (ref.null func) (i32.const 9000)))
  (drop (memory.grow (i32.const 2)))
  (call $zero_result))
