package ollama

import (
	"context"
	"errors"
	"io"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"lakehouse.invalid/peer/internal/rawjson"
	"lakehouse.invalid/peer/internal/text"
)

// Limits of the words of a failing server.
const (
	maxWordsBody  = 64 << 10
	maxWords      = 200
	maxWordsDepth = 128
	wordsTimeout  = time.Second
)

// readWords returns what a body says about a failure, if it arrives in time.
func readWords(ctx context.Context, body io.ReadCloser) string {
	read := make(chan []byte, 1)
	go func() {
		content, err := io.ReadAll(io.LimitReader(body, maxWordsBody+1))
		if err != nil || len(content) > maxWordsBody {
			content = nil
		}
		read <- content
	}()
	wait := wordsTimeout
	if deadline, ok := ctx.Deadline(); ok {
		wait = min(wait, time.Until(deadline)/2)
	}
	select {
	case content := <-read:
		return words(content)
	case <-time.After(wait):
		// Closing the body, which the caller does, ends the read.
		return ""
	}
}

// words returns the words of a body, empty if it has none.
func words(body []byte) string {
	if !utf8.Valid(body) {
		return ""
	}
	v, err := rawjson.Parse(body, maxWordsDepth)
	switch {
	case errors.Is(err, rawjson.ErrDepth):
		return ""
	case err != nil:
		if line := oneLine(string(body)); !strings.HasPrefix(line, "<") {
			return line
		}
		return ""
	}
	members := v.Members()
	failure, _ := members.Get("error")
	inner, _ := failure.Members().Get("message")
	message, _ := members.Get("message")
	detail, _ := members.Get("detail")
	for _, candidate := range []rawjson.Value{failure, inner, message, detail} {
		if candidate.Kind() == rawjson.String {
			return oneLine(candidate.Text())
		}
	}
	return ""
}

// oneLine returns s with one space for each run of white space and control
// characters, and cut.
func oneLine(s string) string {
	parts := strings.FieldsFunc(s, func(r rune) bool { return text.IsSpace(r) || unicode.IsControl(r) })
	line := []rune(strings.Join(parts, " "))
	if len(line) > maxWords {
		return string(line[:maxWords-1]) + "…"
	}
	return string(line)
}
