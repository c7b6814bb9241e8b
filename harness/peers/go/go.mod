module lakehouse.invalid/peer

go 1.26
