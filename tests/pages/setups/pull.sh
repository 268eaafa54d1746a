# A host with a customer's orders serves, and its operator is at the keyboard.
serving
