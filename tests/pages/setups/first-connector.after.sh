# The host has the first version, and the second one is beside it.
weighbridge connector list | grep -q 'acme.shop'
test -f acme.shop-0.1.1.wbc
