// Package helper answers cases from standard input, line by line.
package helper

import (
	"bufio"
	"errors"
	"fmt"
	"io"

	"lakehouse.invalid/peer/internal/baselines"
	"lakehouse.invalid/peer/internal/extract"
	"lakehouse.invalid/peer/internal/roster"
	"lakehouse.invalid/peer/internal/sessionlog"
	"lakehouse.invalid/peer/internal/understand"
	"lakehouse.invalid/peer/internal/validate"
)

// Answer appends the answer to a line. It must not keep either slice.
type Answer func(line, dst []byte) []byte

// ForSurface returns the function that answers the lines of a surface. Root,
// rosterFile and lexicon may be empty.
func ForSurface(surface, root, rosterFile, lexicon string) (Answer, error) {
	switch surface {
	case "extract_json":
		return extract.Line, nil
	case "session_log":
		return func(line, dst []byte) []byte { return sessionlog.Line(line, dst, root) }, nil
	case "audit_baselines":
		return func(line, dst []byte) []byte { return baselines.Line(line, dst, root) }, nil
	case "validate":
		workers, err := roster.Load(rosterFile)
		if err != nil {
			return nil, err
		}
		return func(line, dst []byte) []byte { return validate.Line(line, dst, workers) }, nil
	case "understand":
		dictionary, err := understand.Load(lexicon)
		if err != nil {
			return nil, err
		}
		return (&understand.Lines{Dictionary: dictionary}).Line, nil
	}
	return nil, fmt.Errorf("unknown surface `%s`; expected one of `extract_json`, `session_log`, `validate`, `audit_baselines`, `understand`", surface)
}

// keepBuffer is the size up to which a buffer is reused for the next line.
const keepBuffer = 1 << 20

// Run answers every line of in, each with one write to out. A last line
// without a line feed counts unless it is empty.
func Run(in io.Reader, out io.Writer, answer Answer) error {
	reader := bufio.NewReaderSize(in, 64<<10)
	var long, dst []byte
	for {
		line, err := reader.ReadSlice('\n')
		for errors.Is(err, bufio.ErrBufferFull) {
			long = append(long, line...)
			line, err = reader.ReadSlice('\n')
		}
		if len(long) > 0 {
			long = append(long, line...)
			line = long
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return fmt.Errorf("cannot read the input: %w", err)
		}
		if err == nil {
			line = line[:len(line)-1]
		} else if len(line) == 0 {
			return nil
		}
		dst = append(answer(line, dst[:0]), '\n')
		if _, err := out.Write(dst); err != nil {
			return fmt.Errorf("cannot write an answer: %w", err)
		}
		if err != nil {
			return nil
		}
		if long = long[:0]; cap(long) > keepBuffer {
			long = nil
		}
		if cap(dst) > keepBuffer {
			dst = nil
		}
	}
}
