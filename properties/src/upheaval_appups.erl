%% Translates appups with the real systools_rc.
-module(upheaval_appups).
-export([translate/1, takes/3]).

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

%% Whether systools takes a clause for a pattern when this version is upgraded.
takes(Folder, Pattern, Version) ->
    write_application(Folder, Version),
    Ebin = write_application(Folder, "new"),
    write(filename:join(Ebin, "shop.appup"), {"new", [{Pattern, []}], []}),
    release(Folder, Version),
    release(Folder, "new"),
    Options = [silent, noexec, {path, [filename:join([Folder, "shop-*", "ebin"])]}],
    Old = filename:join(Folder, Version),
    case systools:make_relup(filename:join(Folder, "new"), [Old], [], Options) of
        {ok, _, _, _} -> true;
        {error, systools_relup, {no_relup, _, _, _}} -> false
    end.

write_application(Folder, Version) ->
    File = filename:join([Folder, "shop-" ++ Version, "ebin", "shop.app"]),
    ok = filelib:ensure_dir(File),
    write(File, {application, shop,
                 [{description, ""}, {vsn, Version}, {modules, []}, {registered, []},
                  {applications, [kernel, stdlib]}]}),
    filename:dirname(File).

release(Folder, Version) ->
    Rest = [{A, vsn(A)} || A <- [kernel, stdlib, sasl]],
    write(filename:join(Folder, Version ++ ".rel"),
          {release, {"shop", Version}, {erts, erlang:system_info(version)},
           [{shop, Version} | Rest]}).

vsn(Application) ->
    _ = application:load(Application),
    {ok, Vsn} = application:get_key(Application, vsn),
    Vsn.

write(File, Term) ->
    ok = file:write_file(File, io_lib:format("~0p.~n", [Term])).
