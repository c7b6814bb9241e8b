package validate

import (
	"strings"

	"lakehouse.invalid/peer/internal/roster"
	"lakehouse.invalid/peer/internal/text"
)

// leaks fails for each kind of datum in a text that belongs to another worker
// than the one the message is for.
func (c *checker) leaks(name, value string, recipient *roster.Worker) {
	for _, datum := range []struct {
		what  string
		owner *roster.Worker
	}{
		{"email address", c.emailOwner(value, recipient)},
		{"phone number", c.phoneOwner(value, recipient)},
		{"id", c.idOwner(value, recipient)},
		{"name", c.nameOwner(value, recipient)},
	} {
		if datum.owner != nil {
			c.fail(Policy, "%s has the %s of worker `%s`", name, datum.what, datum.owner.ID)
		}
	}
}

// other returns the first of the workers who share a datum, unless the
// recipient is one of them.
func other(sharers []*roster.Worker, recipient *roster.Worker) *roster.Worker {
	for _, w := range sharers {
		if w == recipient {
			return nil
		}
	}
	if len(sharers) == 0 {
		return nil
	}
	return sharers[0]
}

func (c *checker) emailOwner(value string, recipient *roster.Worker) (owner *roster.Worker) {
	inRun := func(b byte) bool { return text.IsAlnum(b) || strings.IndexByte(".!#$%&'*+/=?^_`{|}~@-", b) >= 0 }
	text.Runs(value, inRun, func(run string) bool {
		owner = other(c.roster.WithEmail(strings.Trim(run, ".'!?")), recipient)
		return owner == nil
	})
	return owner
}

func (c *checker) idOwner(value string, recipient *roster.Worker) (owner *roster.Worker) {
	inRun := func(b byte) bool { return text.IsAlnum(b) || b == '-' || b == '_' }
	text.Runs(value, inRun, func(run string) bool {
		owner = other(c.roster.WithSameID(run), recipient)
		return owner == nil
	})
	return owner
}

func (c *checker) phoneOwner(value string, recipient *roster.Worker) *roster.Worker {
	for i := range len(value) {
		if digits := phoneAt(value, i); digits != "" {
			if owner := other(c.roster.WithPhone(digits), recipient); owner != nil {
				return owner
			}
		}
	}
	return nil
}

// phoneAt returns the ten digits of the phone number whose first digit is
// s[i], or an empty text. A parenthesis before it is not a digit, so a number
// may always begin after one.
func phoneAt(s string, i int) string {
	if !text.IsDigit(s[i]) {
		return ""
	}
	if i > 0 && text.IsDigit(s[i-1]) && (s[i-1] != '1' || i > 1 && text.IsDigit(s[i-2])) {
		return ""
	}
	separator := func(j int) int {
		if j < len(s) && (s[j] == ' ' || s[j] == '-' || s[j] == '.') {
			j++
		}
		return j
	}
	digits := make([]byte, 0, 10)
	take := func(j, n int) int {
		for ; n > 0 && j < len(s) && text.IsDigit(s[j]); n-- {
			digits = append(digits, s[j])
			j++
		}
		return j
	}
	j := take(i, 3)
	if j < len(s) && s[j] == ')' {
		j++
	}
	j = take(separator(j), 3)
	if len(digits) != 6 {
		return ""
	}
	j = take(separator(j), 4)
	if len(digits) != 10 || j < len(s) && text.IsDigit(s[j]) {
		return ""
	}
	return string(digits)
}

// nameOwner searches for names. The longest name that begins at a word hides
// the shorter ones there, even when it is the recipient's.
func (c *checker) nameOwner(value string, recipient *roster.Worker) *roster.Worker {
	words := text.NameWords(value)
	for i := range words {
		for n := min(roster.MaxNameWords, len(words)-i); n >= roster.MinNameWords; n-- {
			sharers := c.roster.WithName(words[i : i+n])
			if len(sharers) == 0 {
				continue
			}
			if owner := other(sharers, recipient); owner != nil {
				return owner
			}
			break
		}
	}
	return nil
}
