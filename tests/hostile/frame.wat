;; A connector that does nothing, as a core module. A hostile guest is a file of module fields; what it defines under a
;; name below replaces the default here.

(import "weighbridge:connector/clock@0.1.0" "sleep-ms" (func $sleep (param i32)))
(import "weighbridge:connector/log@0.1.0" "write" (func $log (param i32 i32 i32)))
(import "weighbridge:connector/http@0.1.0" "send" (func $send
  (param i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32)))
(import "[export]weighbridge:connector/source@0.1.0" "[resource-new]reader" (func $new_reader (param i32) (result i32)))
(import "[export]weighbridge:connector/destination@0.1.0" "[resource-new]writer" (func $new_writer (param i32) (result i32)))

(export "memory" (memory $memory))
(export "cabi_realloc" (func $realloc))
(export "weighbridge:connector/platform@0.1.0#check" (func $check))
(export "weighbridge:connector/platform@0.1.0#discover" (func $discover))
(export "weighbridge:connector/platform@0.1.0#receive" (func $receive))
(export "weighbridge:connector/platform@0.1.0#on" (func $on))
(export "weighbridge:connector/source@0.1.0#open" (func $open_reader))
(export "weighbridge:connector/source@0.1.0#[method]reader.next" (func $next))
(export "weighbridge:connector/source@0.1.0#[method]reader.acknowledge" (func $acknowledge))
(export "weighbridge:connector/destination@0.1.0#open" (func $open_writer))
(export "weighbridge:connector/destination@0.1.0#[method]writer.write" (func $write))
(export "weighbridge:connector/destination@0.1.0#[method]writer.remove" (func $remove))
(export "weighbridge:connector/destination@0.1.0#[method]writer.finish" (func $finish))
(export "weighbridge:connector/destination@0.1.0#abandon" (func $abandon))

;; Memory below 4096 belongs to results, from there to 65536 to the guest's own data; above it the heap grows.
;; A result at 64: its case at 64, its value from 72 on.
(global $heap (mut i32) (i32.const 65536))

(func $grow_to (param $end i32)
  (block $enough
    (br_if $enough (i32.ge_u (i32.mul (memory.size) (i32.const 65536)) (local.get $end)))
    (br_if $enough (i32.ne (i32.const -1) (memory.grow (i32.sub
      (i32.shr_u (i32.add (local.get $end) (i32.const 65535)) (i32.const 16)) (memory.size)))))
    (unreachable)))

(func $zero_result (result i32)
  (memory.fill (i32.const 64) (i32.const 0) (i32.const 192))
  (i32.const 64))

;; A page of records, `more` false, without a checkpoint.
(func $page (param $at i32) (param $length i32) (result i32)
  (drop (call $zero_result))
  (i32.store (i32.const 72) (local.get $at))
  (i32.store (i32.const 76) (local.get $length))
  (i32.const 64))

(func $page_removed (param $at i32) (param $length i32)
  (i32.store (i32.const 80) (local.get $at))
  (i32.store (i32.const 84) (local.get $length)))

(func $page_checkpoint (param $at i32) (param $length i32)
  (i32.store8 (i32.const 88) (i32.const 1))
  (i32.store (i32.const 92) (local.get $at))
  (i32.store (i32.const 96) (local.get $length)))

(func $page_more (i32.store8 (i32.const 100) (i32.const 1)))

(func $page_wait (param $ms i32)
  (i32.store8 (i32.const 120) (i32.const 1))
  (i32.store (i32.const 124) (local.get $ms)))

(func $receipt (param $taken i32) (result i32)
  (drop (call $zero_result))
  (i32.store (i32.const 72) (local.get $taken))
  (i32.const 64))

(func $receipt_rejected (param $at i32) (param $count i32)
  (i32.store (i32.const 76) (local.get $at))
  (i32.store (i32.const 80) (local.get $count)))

(func $receipt_assigned (param $at i32) (param $count i32)
  (i32.store (i32.const 84) (local.get $at))
  (i32.store (i32.const 88) (local.get $count)))

;; The case of the answer to a request at 1024: 0 for a response; else 1, and the refusal's case at 1032.
(func $request
  (call $send (i32.const 2048) (i32.const 3) (i32.const 2051) (i32.const 20) (i32.const 0) (i32.const 0)
    (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0)
    (i32.const 0) (i32.const 0) (i32.const 1024)))
(data (i32.const 2048) "GEThttp://localhost/orders")
