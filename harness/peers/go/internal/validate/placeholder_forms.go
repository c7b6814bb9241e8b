package validate

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"lakehouse.invalid/peer/internal/text"
)

// form is one way to write a placeholder.
type form struct {
	// starts has the characters that a match begins with.
	starts string
	// begins reports whether a match may begin behind a text; nil if anywhere.
	// Forms of any length have it, since each of their own characters would be
	// read to the end again.
	begins func(before string) bool
	// pattern matches at the beginning of a text.
	pattern *regexp.Regexp
	accepts func(m match) bool
}

func pattern(starts, p string, accepts func(m match) bool) form {
	return form{starts, nil, regexp.MustCompile("^(?:" + p + ")"), accepts}
}

// behind is a form whose matches begin behind texts that a condition accepts.
func (f form) behind(begins func(before string) bool) form {
	f.begins = begins
	return f
}

// notBehind returns the condition that a text does not end with a character of
// the class.
func notBehind(class string) func(before string) bool {
	return func(before string) bool {
		last, _ := utf8.DecodeLastRuneInString(before)
		return before == "" || !inClass(last, class)
	}
}

const (
	capitalLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	letters        = capitalLetters + "abcdefghijklmnopqrstuvwxyz"
)

func always(match) bool { return true }

// notNextTo accepts a match without these characters before and after it.
func notNextTo(before, after string) func(m match) bool {
	return func(m match) bool { return m.noneAround(before, after) }
}

// forms are in the contract's order.
var forms = []form{
	pattern("{", `\{\{[^{}]{0,200}\}\}`, always),
	pattern("{", `\{%[^{}]{0,100}\}`, always),
	pattern("{", `\{#[^{}]{0,100}#\}`, always),
	pattern("<", `<[%?][^<>]{0,200}[%?]>`, always),
	pattern("$", `\$\{[^{}]{0,100}\}`, always),
	pattern("{", `\{ *[!$#@:=^&*+~]? *[A-Za-z_\x{80}-\x{10FFFF}][A-Za-z0-9_.' |:()/\[\]\x{80}-\x{10FFFF}-]{0,59}\}`, func(m match) bool {
		content := m.s[m.start+1 : m.end-1]
		return !isCodeToEnter(content) && !m.isKey(content)
	}),
	pattern("{", `\{ *\}|\{[0-9]{1,2}\}`, always),
	pattern("[", `\[\[[^\[\]]{1,60}\]\]`, notNextTo("(", "(")),
	pattern("[", `\[%[^\[\]]{1,60}%\]`, always),
	pattern("[", `\[(#+|\$+)\]`, always),
	pattern("[", `\[([^\[\]\n]{1,60})\]`, isBracketField),
	pattern("<", `<([A-Za-z_][A-Za-z0-9_.' -]{0,59})>`, isNoElement),
	pattern("*", `\*\|[^|\n]{1,60}\|\*`, always),
	pattern("«‹", `«([^«»\n]{1,60})»|‹([^‹›\n]{1,60})›`, func(m match) bool {
		return isField(m.group) || !strings.Contains(m.group, " ") && isIdentifier(m.group)
	}),
	pattern("<", `<<[^<>\n]{1,60}>>`, always),
	pattern("%", `%%[A-Za-z][A-Za-z0-9_. -]{0,39}%%`, always),
	pattern("%", `%[A-Za-z][A-Za-z0-9_.-]{1,39}%`, func(m match) bool {
		return m.noneAround("0123456789", "") && !startsHexadecimal(m.after())
	}),
	pattern("%", `%[({\[][A-Za-z_][A-Za-z0-9_. -]{0,39}[)}\]]s?`, always),
	pattern("%", `%([0-9]\$)?[sd@]`, notNextTo("X%", "X")),
	pattern("$", `\$([A-Za-z_][A-Za-z0-9_]{0,39})\$?`, func(m match) bool {
		return m.noneAround("X$", "") && (isField(m.group) || isIdentifier(m.group))
	}),
	pattern("$", `\$\([A-Za-z_][A-Za-z0-9_. -]{0,39}\)`, always),
	pattern("#", `#[A-Za-z][A-Za-z0-9_.-]{0,39}#`, notNextTo("X", "X")),
	pattern(":", `::[A-Za-z_][A-Za-z0-9_.-]{0,39}::`, notNextTo("X", "X")),
	pattern("@", `@@[A-Za-z_][A-Za-z0-9_.-]{0,39}@@`, always),
	pattern("_", `__([A-Z][A-Z0-9_]{0,39})__`, fieldNotNextTo("X", "X")),
	pattern("~^!", `~([A-Za-z][A-Za-z0-9_ -]{0,39})~|\^([A-Za-z][A-Za-z0-9_ -]{0,39})\^|!([A-Za-z][A-Za-z0-9_ -]{0,39})!`,
		fieldNotNextTo("X~^!", "X~^!")),
	pattern("(", `\(([^()\n]{1,60})\)`, func(m match) bool {
		return isField(m.group) &&
			(startsWith(m.group, "insert", "enter", "your") || m.afterSalutation())
	}),
	pattern(letters, `[A-Za-z]+(_[A-Za-z]+)+|[A-Z]?[a-z]+([A-Z][a-z]+)+|NAME|FNAME|LNAME|FIRSTNAME|LASTNAME|FULLNAME`,
		func(m match) bool { return m.noneAround("", "X") && m.afterSalutation() && isField(m.text()) }).
		behind(func(before string) bool { return strings.HasSuffix(before, " ") }),
	pattern(" ", ` +,`, func(m match) bool { return endsWithWord(m.before(), salutations) }).
		behind(notBehind(" ")),
	pattern("NI[", `NaN|Invalid Date(Time)?|\[object [A-Za-z]+\]`, notNextTo("X", "X")),
	pattern("uUnN", `undefined|Undefined|UNDEFINED|null|Null|NULL|None|NONE`, func(m match) bool {
		return m.noneAround("X", "X") && isMissingValue(m)
	}),
	pattern("_", `_{4,}|_{3}`, isGap).behind(notBehind("_")),
	pattern(":", `: *\.{5,}`, func(m match) bool { return !m.isToSign() }),
	pattern("$", `\$ ?[Xx]{2,}([.,][Xx]+)?`, notNextTo("", "X")),
	pattern("(Xx", `\(?[Xx]{2,}\)?[ ./:-] ?[Xx]{2,}([./: -][Xx]{2,})?`, func(m match) bool {
		isLower := !strings.Contains(m.text(), "X") && !strings.ContainsAny(m.text(), ":/.-")
		return m.noneAround("X", "X") && !isMasked(m) && !isLower
	}).behind(notBehind("X")),
	pattern("X", `X{3,}`, func(m match) bool {
		return m.noneAround("X", "X") && !isMasked(m) && !m.isNumeral()
	}).behind(notBehind("X")),
	pattern("#", `#{2,}[./-]#{2,}`, always).behind(notBehind("#")),
	pattern("$", `\$ ?##+`, always),
	pattern("MmDdYyHh", `[Mm]{2}/[Dd]{2}(/[Yy]{2,4})?|[Dd]{2}/[Mm]{2}/[Yy]{2,4}|[Yy]{4}-[Mm]{2}-[Dd]{2}|HH:MM|hh:mm`, func(m match) bool {
		return m.noneAround("X(", "X") && !m.afterWord(formatWords)
	}),
	pattern("TFtf", `TODO|TBD|TBA|TBC|FIXME|TKTK|T\.B\.[ADC]\.?|tbd|tba|fixme|Tbd|Tba`, func(m match) bool {
		return m.noneAround("X", "X") && !isSpanishTodo(m)
	}),
	pattern("Tt", `[Tt]odo:`, func(m match) bool {
		before, _ := m.line()
		return strings.Trim(before, " ") == ""
	}),
	pattern("LlAaTtPp", `[Ll]orem [Ii]psum|LOREM IPSUM|[Aa]nytown|ANYTOWN|[Tt]o be determined|TO BE DETERMINED|[Tt]o be announced|`+
		`TO BE ANNOUNCED|[Pp]or definir|POR DEFINIR`, notNextTo("X", "X")),
	pattern("I", `(INSERT|INSERTE)( +[A-Z]+){1,4}`, func(m match) bool {
		_, rest, _ := strings.Cut(m.text(), " ")
		return m.noneAround("X", "X") && hasFieldWords(rest)
	}),
	pattern("Yy", `[Yy]our [Nn]ame( [Hh]ere)?|YOUR NAME( HERE)?`, func(m match) bool {
		before, after := m.line()
		isAlone := strings.Trim(before, " .,!:") == "" && strings.Trim(after, " .,!:") == ""
		return m.noneAround("X", "X") && isAlone
	}),
	pattern(capitalLetters, `(YOUR|INSERT)(_[A-Z]+)+|[A-Z]+(_[A-Z]+)*_HERE`, notNextTo("X_", "X_")).behind(notBehind("X_")),
	pattern("]", `\]\( *([A-Za-z]*) *\)`, func(m match) bool {
		switch text.Lower(m.group) {
		case "", "url", "link", "here":
			return true
		}
		return false
	}),
}

func fieldNotNextTo(before, after string) func(m match) bool {
	return func(m match) bool { return m.noneAround(before, after) && isField(m.group) }
}

var linkBehind = regexp.MustCompile(`^(?:\(|\[[0-9]+\]|: *http)`)

func isBracketField(m match) bool {
	if linkBehind.MatchString(m.after()) || m.isLabel() {
		return false
	}
	return isRequest(m.group) || hasFieldWords(m.group) && !strings.ContainsAny(m.group, "0123456789")
}

func isNoElement(m match) bool {
	if startsWith(m.group, "www.") || isCodeToEnter(m.group) || m.isKey(m.group) {
		return false
	}
	name := elementName(m.group)
	if elementsIfClosed[name] {
		return !strings.Contains(text.Lower(m.s), "</"+name)
	}
	return !elements[name]
}

var hexadecimal = regexp.MustCompile(`^[0-9A-Fa-f]{2}`)

func startsHexadecimal(s string) bool { return hexadecimal.MatchString(s) }

var (
	valueBehind  = regexp.MustCompile(`^(?:$|[\n.,!?;:)<])`)
	memberBehind = regexp.MustCompile(`^(?:$|[\n.,!?;:)<"}])`)
	formatWords  = strings.Fields("as in format")
	prepositions = strings.Fields("at on from to for with by in")
)

// isMissingValue reports whether the word stands where a value was missing,
// and is none of the language.
func isMissingValue(m match) bool {
	isNone := text.Lower(m.text()) == "none"
	if m.afterSalutation() {
		return !isNone || valueBehind.MatchString(m.after())
	}
	before := strings.TrimRight(m.before(), " ")
	isSpaced := len(before) < m.start
	isMember := strings.HasSuffix(m.before(), ">") || before != "" && strings.IndexByte(":=$", before[len(before)-1]) >= 0
	switch {
	case isMember:
		return memberBehind.MatchString(m.after()) && !(isNone && behindOtherLabel(m.before()))
	case isNone || !isSpaced:
		return false
	case endsWithWord(before, prepositions):
		return true
	}
	return endsWithWord(before, []string{"is"}) && valueBehind.MatchString(m.after())
}

// behindOtherLabel reports whether a text ends with a colon and spaces behind a
// word that is no name of a field: `Allergies: None` is an answer.
func behindOtherLabel(s string) bool {
	label, ok := strings.CutSuffix(strings.TrimRight(s, " "), ":")
	if !ok {
		return false
	}
	start := len(label)
	for start > 0 && text.IsLetter(label[start-1]) {
		start--
	}
	return !fieldNames[text.Lower(label[start:])]
}

// isGap reports whether underscores stand for something to fill in: they are a
// rule when they are alone on their line.
func isGap(m match) bool {
	before, after := m.line()
	if strings.Trim(before, " _") == "" && strings.Trim(after, " _") == "" || m.isToSign() {
		return false
	}
	return m.end-m.start > 3 || m.noneAround("X", "X")
}

var lastFour = regexp.MustCompile(`^(?:[ -][Xx]+)*[ -][0-9]{4}(?:[^0-9]|$)`)

// isMasked reports whether the last four digits of a number follow.
func isMasked(m match) bool { return lastFour.MatchString(m.after()) }

var (
	todoBehind = strings.Fields("EL LA LOS LAS LO BIEN UN UNA SU TU")
	todoBefore = strings.Fields("DE PARA CON SOBRE ES A")
)

// isSpanishTodo reports whether TODO is the Spanish word.
func isSpanishTodo(m match) bool {
	if m.text() != "TODO" {
		return false
	}
	for _, word := range todoBehind {
		rest, ok := strings.CutPrefix(m.after(), " "+word)
		if next, _ := utf8.DecodeRuneInString(rest); ok && (rest == "" || !text.IsLetterRune(next)) {
			return true
		}
	}
	before, ok := strings.CutSuffix(m.before(), " ")
	return ok && slices.ContainsFunc(todoBefore, func(word string) bool {
		rest, ok := strings.CutSuffix(before, word)
		return ok && !endsWithLetter(rest)
	})
}
