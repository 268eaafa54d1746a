;; Grows a table without end.
(table $table 1 funcref)
(func $check (result i32)
  (loop $again (drop (table.grow $table (ref.null func) (i32.const 1000))) (br $again))
  (unreachable))
