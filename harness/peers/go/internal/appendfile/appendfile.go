// Package appendfile adds to files that several programs write to.
package appendfile

import (
	"errors"
	"os"
	"path/filepath"
)

// Write adds data to the end of the file at path with one write, so that data
// of other writers cannot come between. It creates the file and its folders as
// needed.
func Write(path string, data []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	return errors.Join(err, f.Close())
}
