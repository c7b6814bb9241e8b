// Package contact recognises email addresses and phone numbers.
package contact

import (
	"strings"
	"unicode"

	"lakehouse.invalid/peer/internal/text"
)

// IsEmail reports whether s is an email address.
func IsEmail(s string) bool {
	for i := range len(s) {
		if s[i] < 0x21 || s[i] > 0x7e {
			return false
		}
	}
	local, domain, ok := strings.Cut(s, "@")
	if !ok || local == "" {
		return false
	}
	labels := strings.Split(domain, ".")
	for _, label := range labels {
		if label == "" {
			return false
		}
		for i := range len(label) {
			if !text.IsAlnum(label[i]) && label[i] != '-' {
				return false
			}
		}
	}
	return len(labels) >= 2
}

// SameEmail reports whether two email addresses are equal; a malformed one
// equals nothing.
func SameEmail(a, b string) bool {
	return IsEmail(a) && IsEmail(b) && text.Lower(a) == text.Lower(b)
}

// Mailbox returns the key that two addresses share when they lead to the same
// mailbox. The address must have an `@` and be folded.
func Mailbox(address string) string {
	at := strings.LastIndexByte(address, '@')
	local, domain := address[:at], address[at:]
	if plus := strings.IndexByte(local[1:], '+'); plus >= 0 {
		local = local[:1+plus]
	}
	return local + domain
}

var separators = strings.NewReplacer(" ", "", "-", "", ".", "", "(", "", ")", "")

// Phone returns the digits of a phone number, without a leading 1 of eleven;
// two numbers with the same digits are equal.
func Phone(s string) (string, bool) {
	digits, ok := phoneDigits(s)
	if len(digits) == 11 && digits[0] == '1' {
		digits = digits[1:]
	}
	return digits, ok
}

func phoneDigits(s string) (string, bool) {
	if strings.ContainsFunc(s, unicode.IsControl) {
		return "", false
	}
	digits := strings.TrimPrefix(separators.Replace(text.Fold(s)), "+")
	if len(digits) < 10 || len(digits) > 15 {
		return "", false
	}
	for i := range len(digits) {
		if !text.IsDigit(digits[i]) {
			return "", false
		}
	}
	return digits, true
}

// ListedNumber returns the number by which a phone number is found in texts.
func ListedNumber(s string) (string, bool) {
	digits, ok := phoneDigits(s)
	return Number(digits), ok
}

// Number removes the prefixes of international and long-distance calls from
// digits.
func Number(digits string) string {
	if len(digits) > 10 {
		if rest, ok := strings.CutPrefix(digits, "011"); ok {
			digits = rest
		} else {
			digits = strings.TrimPrefix(digits, "00")
		}
	}
	if len(digits) == 11 && digits[0] == '1' {
		digits = digits[1:]
	}
	return digits
}
