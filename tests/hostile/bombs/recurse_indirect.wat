;; Calls itself through a table without end, with a frame of many variables.
(type $checks (func (result i32)))
(table $table 1 funcref)
(elem (i32.const 0) $check)
(func $check (result i32)
  (local i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64)
  (i32.add (call_indirect (type $checks) (i32.const 0)) (call_indirect (type $checks) (i32.const 0))))
