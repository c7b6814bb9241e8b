package validate

import "unicode/utf16"

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

// smsUnits returns the length of an sms, its maximum length, and their unit.
func smsUnits(body string) (n, limit int, unit string) {
	for _, r := range body {
		septets := gsmSeptets[r]
		if septets == 0 {
			return ucs2Units(body), 70, "UCS-2 units"
		}
		n += septets
	}
	return n, 160, "GSM-7 septets"
}

func ucs2Units(s string) int {
	n := 0
	for _, r := range s {
		n += utf16.RuneLen(r)
	}
	return n
}
