// Package contact recognises email addresses and phone numbers.
package contact

import (
	"strings"

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

var separators = strings.NewReplacer(" ", "", "-", "", ".", "", "(", "", ")", "")

// Phone returns the digits of a phone number, without a leading 1 of eleven;
// two numbers with the same digits are equal.
func Phone(s string) (string, bool) {
	digits := strings.TrimPrefix(separators.Replace(s), "+")
	if len(digits) < 10 || len(digits) > 15 {
		return "", false
	}
	for i := range len(digits) {
		if !text.IsDigit(digits[i]) {
			return "", false
		}
	}
	if len(digits) == 11 && digits[0] == '1' {
		digits = digits[1:]
	}
	return digits, true
}
