;; Calls what is not there.
(type $checks (func (result i32)))
(table $table 1 funcref)
(func $check (result i32) (call_indirect (type $checks) (i32.const 0)))
