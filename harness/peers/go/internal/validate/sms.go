package validate

import (
	"fmt"
	"unicode/utf16"
)

// The alphabet of GSM 03.38 and its extension, whose characters take two
// septets.
const (
	gsmAlphabet = "\n\r @£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ!\"#¤%&'()*+,-./0123456789:;<=>?¡" +
		"ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
	gsmExtension = "\f^{}\\[~]|€"
)

// gsmSeptets returns the number of septets of a character.
var gsmSeptets = func() map[rune]int {
	septets := map[rune]int{}
	for _, r := range gsmAlphabet {
		septets[r] = 1
	}
	for _, r := range gsmExtension {
		septets[r] = 2
	}
	return septets
}()

// smsLength is the length of an sms, its maximum, and their unit.
type smsLength struct {
	n, limit int
	unit     string
}

func smsLengthOf(body string) smsLength {
	n := 0
	for _, r := range body {
		septets := gsmSeptets[r]
		if septets == 0 {
			return smsLength{ucs2Units(body), 70, fmt.Sprintf("UCS-2 units because of `%c` (U+%04X)", r, r)}
		}
		n += septets
	}
	return smsLength{n, 160, "GSM-7 septets"}
}

func ucs2Units(s string) int {
	n := 0
	for _, r := range s {
		n += utf16.RuneLen(r)
	}
	return n
}
