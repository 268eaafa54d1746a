# The connector of the first page, as a host has it.
weighbridge connector new shop --name acme.shop
weighbridge connector keygen acme.key
weighbridge connector build shop --key acme.key
weighbridge init
weighbridge trust add acme acme.key.pub
weighbridge connector install acme.shop-0.1.0.wbc
