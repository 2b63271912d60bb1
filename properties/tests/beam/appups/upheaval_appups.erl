%% Translates appups with the real systools_rc.
-module(upheaval_appups).
-export([translate/1]).

%% [{up | dn, [{AppupText, Version}], To, From}], each application {Name, Type, Vsn,
%% Modules}.
translate(Samples) ->
    Size = record_size(),
    [translate(Sample, Size) || Sample <- Samples].

translate({Mode, Appups, To, From}, Size) ->
    Scripts = [script(Mode, Text, Version) || {Text, Version} <- Appups],
    systools_rc:translate_scripts(Mode, Scripts, [application(A, Size) || A <- To],
                                  [application(A, Size) || A <- From]).

script(Mode, Text, Version) ->
    {ok, Tokens, _} = erl_scan:string(Text),
    {ok, {_, Up, Down}} = erl_parse:parse_term(Tokens),
    clause(Version, case Mode of up -> Up; dn -> Down end).

clause(Version, [{Version, Script} | _]) ->
    Script;
clause(Version, [{Pattern, Script} | Clauses]) when is_binary(Pattern) ->
    case re:run(Version, Pattern, [unicode, {capture, first, list}]) of
        {match, [Version]} -> Script;
        _ -> clause(Version, Clauses)
    end;
clause(Version, [_ | Clauses]) ->
    clause(Version, Clauses).

%% systools' record #application{}, of which only the beginning is the same in all
%% OTPs.
application({Name, Type, Vsn, Modules}, Size) ->
    Beginning = [application, Name, Type, Vsn, "", "", Modules],
    list_to_tuple(Beginning ++ lists:duplicate(Size - length(Beginning), [])).

record_size() ->
    Added = [[{add_application, a, permanent}]],
    Takes = fun(Size) ->
                    A = application({a, permanent, "1", []}, Size),
                    element(1, systools_rc:translate_scripts(up, Added, [A], [])) =:= ok
            end,
    hd([Size || Size <- lists:seq(7, 40), Takes(Size)]).
