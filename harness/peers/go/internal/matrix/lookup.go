package matrix

import (
	"regexp"
	"slices"
	"strings"

	"lakehouse.invalid/peer/internal/text"
	"lakehouse.invalid/peer/internal/understand"
	"lakehouse.invalid/peer/internal/vectors"
)

// person is who is looked up, and by what.
type person struct{ by, text string }

// piece is a part of a text between white space.
type piece struct {
	text  string
	comma bool // follows
}

const marks = `.,;:!?()[]{}"<>`

func piecesOf(s string) (list []piece) {
	for _, field := range strings.FieldsFunc(understand.ReadPart(s), text.IsSpace) {
		start := strings.TrimLeft(field, marks)
		word := strings.TrimRight(start, marks)
		p := piece{strings.TrimSuffix(word, "'s"), strings.Contains(start[len(word):], ",")}
		if p.text != "" {
			list = append(list, p)
		}
	}
	return list
}

var (
	digit  = regexp.MustCompile(`[0-9]`)
	letter = regexp.MustCompile(`[A-Za-z]`)
	email  = regexp.MustCompile(`^[^@]+@[^@]+$`)
	phone  = regexp.MustCompile(`[0-9 ().+-]+`)
	others = regexp.MustCompile(`[^0-9]`)
)

// ids returns the pieces that are ids, as written and as ids.
func ids(pieces []piece, has func(id string) bool) (written, found []string) {
	for _, p := range pieces {
		if !digit.MatchString(p.text) || len(pieces) > 1 && !strings.ContainsAny(p.text, "-_") {
			continue
		}
		for _, id := range []string{p.text, text.Lower(p.text)} {
			if has(id) {
				written, found = append(written, p.text), append(found, id)
				break
			}
		}
	}
	return written, found
}

// emails returns the forms of e-mail addresses; the first is as written.
func emails(pieces []piece) (forms []string) {
	for _, p := range pieces {
		if email.MatchString(p.text) {
			forms = append(forms, p.text, text.Lower(p.text))
		}
	}
	return forms
}

// phones returns phone numbers as written, and their forms.
func phones(s string) (written, forms []string) {
	for _, run := range phone.FindAllString(text.Fold(understand.ReadPart(s)), -1) {
		digits := others.ReplaceAllString(run, "")
		n := len(digits)
		if n != 10 && !(n == 11 && digits[0] == '1') && !(n == 13 && strings.HasPrefix(digits, "001")) {
			continue
		}
		written = append(written, strings.Trim(run, " "))
		digits = digits[n-10:]
		a, b, c := digits[:3], digits[3:6], digits[6:]
		for _, code := range []string{"", "+1", "1", "+1 ", "1 ", "+1-", "1-", "+1.", "1."} {
			for _, local := range []string{digits, a + "-" + b + "-" + c, a + "." + b + "." + c, a + " " + b + " " + c, "(" + a + ") " + b + "-" + c, "(" + a + ")" + b + "-" + c} {
				forms = append(forms, code+local)
			}
		}
	}
	return written, forms
}

// name is a run of pieces that may be a name, with its forms.
type name struct {
	text  string
	forms []string
}

func namesIn(pieces []piece) (list []name) {
	if len(pieces) > 12 {
		return nil
	}
	for i := range pieces {
		for n := 2; n <= 4 && i+n <= len(pieces); n++ {
			run := pieces[i : i+n]
			var words []string
			for _, p := range run {
				words = append(words, p.text)
			}
			ordered := words
			if at := slices.IndexFunc(run[:n-1], func(p piece) bool { return p.comma }); at >= 0 {
				ordered = slices.Concat(words[at+1:], words[:at+1])
			}
			var titles, scottish []string
			for _, w := range ordered {
				titles = append(titles, title(w))
				scottish = append(scottish, afterMc(title(w)))
			}
			join := func(words []string) string { return strings.Join(words, " ") }
			list = append(list, name{join(words), []string{join(ordered), join(titles), join(scottish)}})
		}
	}
	return list
}

func title(word string) string {
	b := []byte(text.Lower(word))
	for i, c := range b {
		if 'a' <= c && c <= 'z' && (i == 0 || b[i-1] == '-' || b[i-1] == '\'') {
			b[i] = c - 'a' + 'A'
		}
	}
	return string(b)
}

func afterMc(word string) string {
	if len(word) > 2 && word[:2] == "Mc" && 'a' <= word[2] && word[2] <= 'z' {
		return "Mc" + string(word[2]-'a'+'A') + word[3:]
	}
	return word
}

// called returns a condition on the name.
func called(names []name) condition {
	var forms []string
	for _, n := range names {
		forms = append(forms, n.forms...)
	}
	return func(item *vectors.Item) bool { return oneOf(item, "name", forms) }
}
