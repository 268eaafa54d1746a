;; Wants more memory than it may have from the first moment on.
(memory $memory 2000)
