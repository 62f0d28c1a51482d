# fish completion for infoplane: the program finds the candidates (src/cli/complete.h).
function __infoplane_complete
    set -l words (commandline -opc)
    set -l typed (commandline -ct)
    for line in ($words[1] --complete $words[2..] "$typed" 2>/dev/null)
        switch $line
            case :folders
                __fish_complete_directories "$typed"
            case ':files*'
                set -l ending (string replace :files '' -- $line)
                for file in (__fish_complete_path "$typed")
                    set -l name (string split -f 1 \t -- $file)
                    if string match -q '*/' -- $name; or string match -q "*$ending" -- $name
                        echo $file
                    end
                end
            case '*'
                echo $line
        end
    end
end
complete -c infoplane -f -a '(__infoplane_complete)'
