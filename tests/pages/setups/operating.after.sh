# Nothing that the stolen key signed is believed any more.
! weighbridge connector verify acme.shop-0.2.0.wbc
